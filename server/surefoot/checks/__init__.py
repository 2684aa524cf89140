"""Checks what somebody else wrote about the workspace: every path, place and name in a text, against the tree now."""
