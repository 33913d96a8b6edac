"""Takes the values of secrets out of command lines, for logs and errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

SECRET: Final = re.compile(r"((?:secret|passw|token|credential|access[._-]?key)[^\s=]*=).*", re.IGNORECASE | re.DOTALL)
"""A name that says what it is, and all that follows it: where a value ends nobody knows."""
REDACTED: Final = "*********(redacted)"


def redacted(args: Sequence[str]) -> list[str]:
    """The words of a command line, each NAME=VALUE whose name is a secret's without its value."""
    return [SECRET.sub(lambda found: found[1] + REDACTED, word) for word in args]
