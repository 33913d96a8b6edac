"""Where a configuration value came from, said so that a person can go there and change it."""

from __future__ import annotations

from typing import NamedTuple

FILE = "file"
ENVIRONMENT = "environment"
PROGRAM = "program"
FLAG = "flag"


class Origin(NamedTuple):
    """One value's origin; `str()` of it is what messages show, such as `luigi.cfg:12`."""

    kind: str
    """FILE, ENVIRONMENT, PROGRAM or FLAG."""
    place: str
    """The file's path as it was given, the variable's name, the program's file, or the flag."""
    line: int = 0
    """Counted from 1; 0 when it is not known or makes no sense."""
    variables: tuple[str, ...] = ()
    """The environment variables that the value in the file refers to."""

    def __str__(self) -> str:
        place = f"{self.place}:{self.line}" if self.line else self.place
        if self.kind == ENVIRONMENT:
            return f"environment variable {place}"
        if self.kind == PROGRAM:
            return f"set by {place}"
        if self.variables:
            return f"{place} (with {', '.join('$' + name for name in self.variables)})"
        return place
