"""A workspace that stays open: what the front ends that outlive one question share.

Invariant: knows no protocol; a front end is told what happens through an `Observer`.
"""
