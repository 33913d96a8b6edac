"""What a job of LSF runs: see `luigi.contrib.lsf`."""

from __future__ import annotations

import sys

from luigi.contrib._clusters.working import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
