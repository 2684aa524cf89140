"""The write walk: from a working tree to an index that equals it. `indexer.py` lists the stages in order."""
