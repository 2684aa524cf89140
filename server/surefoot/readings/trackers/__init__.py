"""The exports of issue trackers, one module each, and what they have in common.

Invariant: a tracker is told by the keys or headers of its export, never by the name of the file.
"""
