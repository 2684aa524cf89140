"""Asking a question again, and telling stage by stage what came out otherwise.

Invariant: values in, values out; the engine asks, and the store keeps.
"""
