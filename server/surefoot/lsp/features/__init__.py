"""One file per feature of the protocol; `surefoot.lsp.server` registers them all in one place."""
