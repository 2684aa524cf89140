import pytest

from cellar.climate import alarms
from cellar.climate.limits import Band


class Air:
    def __init__(self, humidity):
        self.humidity = humidity


@pytest.fixture
def rung(monkeypatch):
    rung, is_open = [], set()

    def open_alarm(db, room, what):
        is_new = (room, what) not in is_open
        is_open.add((room, what))
        return int(is_new)

    monkeypatch.setattr(alarms, "bands", lambda room: {"humidity": Band(88, 95)})
    monkeypatch.setattr(alarms.repo, "open_alarm", open_alarm)
    monkeypatch.setattr(alarms.repo, "close_alarm", lambda db, room, what: is_open.discard((room, what)))
    monkeypatch.setattr(alarms, "_ring", lambda db, room, what, value: rung.append(value))
    return rung


def test_it_rings_once_while_the_door_is_open(rung):
    for value in (96, 97, 96):
        alarms.judge(None, "vault", Air(value))
    assert rung == [96]


def test_barely_inside_is_not_over(rung):
    for value in (96, 94.5, 96):
        alarms.judge(None, "vault", Air(value))
    assert rung == [96]


def test_well_inside_is_over(rung):
    for value in (96, 92, 96):
        alarms.judge(None, "vault", Air(value))
    assert rung == [96, 96]
