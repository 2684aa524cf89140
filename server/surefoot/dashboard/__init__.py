"""Surefoot in a browser on the same machine: a page with a search box, traces, the index and its quality.

Invariant: the only importer of starlette and uvicorn; reads the index and never writes it but through the session.
"""
