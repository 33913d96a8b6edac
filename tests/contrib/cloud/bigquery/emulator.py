"""Starts bqemulator without DuckDB's spatial extension, which it would download; only GEOGRAPHY needs that."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from typing import Any

from bqemulator.storage import engine

for kind in vars(engine).values():
    if isinstance(kind, type) and hasattr(kind, "_load_spatial"):

        def nothing(self: Any, *args: Any, **keywords: Any) -> None:
            return None

        kind._load_spatial = nothing

if __name__ == "__main__":
    sys.argv[0] = "bqemulator"
    (program,) = entry_points(group="console_scripts", name="bqemulator")
    program.load()()
