"""`python -m luigi` is the command `luigi`."""

from __future__ import annotations

from luigi.cmdline import luigi_run

if __name__ == "__main__":
    luigi_run()
