"""What a statement may cost."""

ROW_LIMIT = 5000
STATEMENT_SECONDS = 120
RUNS_PER_HOUR = 30


class TooExpensive(Exception):
    """A statement breaks one of the rules above."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


def capped(sql: str, limit: int = ROW_LIMIT) -> str:
    """The statement with a LIMIT around it, so that no driver fetches more."""
    return f"SELECT * FROM ({sql}) AS capped LIMIT {limit}"


def check_quota(recent_runs: int) -> None:
    """Refuse more than so many runs within an hour."""
    if recent_runs >= RUNS_PER_HOUR:
        raise TooExpensive("runs_per_hour", f"You ran {recent_runs} queries within the hour.")
