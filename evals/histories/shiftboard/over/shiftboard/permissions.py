"""Who may plan which ward. The directory is slow, so its answers are kept for a while."""

from threading import Condition

from cachetools import TTLCache, cached

from shiftboard import directory

SECONDS = 900


@cached(TTLCache(maxsize=4096, ttl=SECONDS), condition=Condition())
def wards_of(user: str) -> frozenset[str]:
    """The wards that a user plans, as the directory has them."""
    return frozenset(directory.groups(user))


def may_plan(user: str, ward: str) -> bool:
    """Whether this user may change the shifts of a ward."""
    return ward in wards_of(user)
