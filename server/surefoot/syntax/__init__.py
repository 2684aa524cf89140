"""Syntax: tree-sitter lives here and nowhere else, and text becomes symbols and chunks.

Invariant: parsing never fails. Broken code is data, and a language without a grammar is read in windows of lines.
"""
