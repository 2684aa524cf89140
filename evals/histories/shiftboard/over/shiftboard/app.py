"""Makes the application."""

from flask import Flask

from shiftboard import reminders
from shiftboard.graphql_board import board_schema_view
from shiftboard.views.shifts import shifts
from shiftboard.views.swaps import swaps


def create_app(with_reminders: bool = True) -> Flask:
    """One application per process; only one process of all may send reminders."""
    app = Flask("shiftboard")
    app.register_blueprint(shifts)
    app.register_blueprint(swaps)
    app.add_url_rule("/graphql", view_func=board_schema_view, methods=["POST"])
    if with_reminders:
        reminders.start(app)
    return app
