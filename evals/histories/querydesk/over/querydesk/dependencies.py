"""What handlers ask for."""

from querydesk.pool import application_database
from querydesk.storage import Storage


def storage():
    """A transaction that is committed when the handler returns."""
    with application_database.transaction() as connection:
        yield Storage(connection)


def current_user():
    """The user of the session cookie."""
    from querydesk.sessions import user_of_request

    return user_of_request()
