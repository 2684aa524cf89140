"""The read walk's second half: from fresh hits to claims that were checked. `answerer.py` lists the stages in order."""
