"""The worker's environment for a job, as lines of its script: those are read by its user alone."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Final

A_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a shell takes for a variable: bash exports its functions by other names."""
WORKERS: Final = frozenset({"PATH"})
"""What a job has in any case, and the worker's is better."""


def exported(environment: Mapping[str, str]) -> list[str]:
    """Lines that give a job of `environment` what it does not have already, as its number and its TMPDIR, and PATH."""
    return [_export(name, value) for name, value in environment.items() if A_NAME.fullmatch(name)]


def _export(name: str, value: str) -> str:
    unless = "" if name in WORKERS else f'[ -n "${{{name}+set}}" ] || '
    return f"{unless}export {name}={shlex.quote(value)}"
