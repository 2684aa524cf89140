"""What the week board reads, resolved from the database."""

from ariadne import QueryType, graphql_sync, load_schema_from_path, make_executable_schema
from flask import jsonify, request

from shiftboard import repository

query = QueryType()


@query.field("weekBoard")
def resolve_week_board(_, info, ward: str, monday: str):
    """All shifts of a ward in one week."""
    return [
        {"id": row.id, "begins": row.begins, "ends": row.ends, "people": row.people}
        for row in repository.shifts_of_week(ward, monday)
    ]


@query.field("openSwaps")
def resolve_open_swaps(_, info, ward: str):
    """Swaps that wait for a planner."""
    return repository.open_swaps(ward)


schema = make_executable_schema(load_schema_from_path("schema/board.graphql"), query)


def board_schema_view():
    """POST /graphql"""
    succeeded, result = graphql_sync(schema, request.get_json())
    return jsonify(result), 200 if succeeded else 400
