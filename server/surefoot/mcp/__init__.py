"""FRONT END for AI assistants: the Model Context Protocol over stdio and over HTTP on this machine.

Invariant: the only importer of the MCP SDK; what a repository contains leaves as data, and a fault as one sentence.
"""
