"""FRONT END: a golden set as a regression test, for Surefoot's own corpora and for any team's.

Invariant: asks through the engine like any other front end; what it says of an answer it has checked by itself.
"""
