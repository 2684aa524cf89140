"""The language server: the engine, spoken to by editors over stdio.

Invariant: only this package knows pygls and lsprotocol, and nothing in it decides what is true about the code.
"""
