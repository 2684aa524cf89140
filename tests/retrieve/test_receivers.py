"""What a call is made on, and which type that is."""

import pytest

from surefoot.retrieve.receivers import Call, calls_in, declared_types, declared_with, is_alike

SERVICE = """
class ReturnService {
    private final MeterReadingRepository readings;
    private readonly seats: Repository<SeatAssignment>,
    private readonly api = inject(ToolhireApi);
    depot *store.Depot

    void receive(Hire hire) {
        readings.save(new MeterReading(hire.tag(), 3));
        this.api.takeBack(hire).subscribe(() -> done());
    }
}
"""


def test_a_call_tells_what_it_is_made_on() -> None:
    """On the object itself, on a name, or on what another call returned."""
    calls = {call.name: call for call in calls_in(SERVICE)}
    assert calls["save"] == Call("save", 8, "readings", True)
    assert calls["MeterReading"] == Call("MeterReading", 8)
    assert calls["takeBack"] == Call("takeBack", 9, "api", True)
    assert calls["subscribe"] == Call("subscribe", 9, "", True)
    assert calls["done"].is_own
    assert not calls["subscribe"].is_own


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("readings", ["MeterReadingRepository"]),
        ("hire", ["Hire"]),
        ("seats", ["Repository", "SeatAssignment"]),
        ("api", ["ToolhireApi"]),
        ("depot", ["Depot"]),
        ("unknown", []),
    ],
)
def test_a_type_stands_where_a_thing_is_declared(name: str, types: list[str]) -> None:
    """As Java, TypeScript and Go write it, with what a generic type is of."""
    assert declared_types(SERVICE, name) == types


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ("MeterReadingRepository", {"readings"}),
        ("SeatAssignment", {"seats"}),
        ("ToolhireApi", {"api"}),
        ("Depot", {"depot"}),
        ("Nothing", set()),
    ],
)
def test_a_type_leads_to_what_is_declared_with_it(declared: str, names: set[str]) -> None:
    """The fields by which its users call it."""
    assert declared_with(SERVICE, declared) == names


def test_most_fields_are_called_after_their_class() -> None:
    """All words of the field stand in the name of the class, in the singular or not."""
    assert is_alike("DepositService", "deposits")
    assert not is_alike("HireService", "deposits")
    assert not is_alike("HireService", "")
