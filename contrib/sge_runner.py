"""What a job of Grid Engine runs: see `luigi.contrib.sge`."""

from __future__ import annotations

import sys

from luigi.contrib._clusters.working import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
