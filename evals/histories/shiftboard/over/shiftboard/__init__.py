"""Shiftboard: who works when."""
