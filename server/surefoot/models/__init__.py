"""Model runtimes behind Protocols: the embedder, the language model, its catalogue and its download.

Invariant: importing this package loads no runtime; llama.cpp is loaded only inside the worker process.
"""
