"""What may be saved."""

import pytest
from querydesk.limits import TooExpensive
from querydesk.statements import check_reads_only, single_statement


def test_two_statements_are_refused():
    with pytest.raises(TooExpensive, match="2 statements"):
        single_statement("select 1; select 2")


def test_an_update_is_refused():
    with pytest.raises(TooExpensive, match="UPDATE"):
        check_reads_only("update t set a = 1")
