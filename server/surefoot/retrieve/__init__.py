"""The read walk's first half: from a question to ranked, fresh hits. `retriever.py` lists the stages in order."""
