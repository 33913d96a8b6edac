"""The kernel's own freshness policies; `luigi.redo.policy` says what one is."""
