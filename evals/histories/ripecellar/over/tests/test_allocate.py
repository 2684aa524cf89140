from datetime import date

import pytest

from cellar.core.errors import Clash
from cellar.orders.allocate import choose


def wheel(number, made):
    return {"id": number, "made_on": made, "ripe_from": made, "state": "graded"}


def test_the_oldest_goes_first():
    free = [wheel(1, date(2024, 5, 2)), wheel(2, date(2024, 4, 2))]
    assert choose(free, 1) == [2]


def test_all_or_none():
    with pytest.raises(Clash):
        choose([wheel(1, date(2024, 5, 2))], 2)
