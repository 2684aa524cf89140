"""What is on disk, in git and in open buffers.

Invariant: nothing here writes, and nothing here follows a symbolic link out of a root.
"""
