"""Query Desk: saved SQL with limits."""
