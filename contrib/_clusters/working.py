"""The cluster's end of a job: does the work of the task that came along."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from luigi.contrib._travel import parcel


def main(arguments: Sequence[str]) -> int:
    """Do the `work()` of the task in the parcel that `arguments` names, with its digest; gives the exit code.

    Raises SealBroken, and what the work raises.
    """
    logging.basicConfig(level=logging.INFO)
    path, digest = arguments
    parcel.read(path, digest).work()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
