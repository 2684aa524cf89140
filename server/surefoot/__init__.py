"""Surefoot answers questions about a codebase, offline, and checks every place that it cites."""
