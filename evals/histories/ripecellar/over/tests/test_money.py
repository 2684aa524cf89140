from cellar.core.money import rappen, spelled, to_five


def test_five_rappen():
    assert [to_five(amount) for amount in (102, 103, 107, 108)] == [100, 105, 105, 110]


def test_spelled():
    assert spelled(rappen("12.5")) == "CHF 12.50"
