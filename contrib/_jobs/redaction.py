"""Takes the values of secrets out of command lines, for logs and errors."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

NAME: Final = r"(?:secret|passw|token|credential|access[._-]?key)[^\s=]*"
"""Of what is a secret."""
SECRET: Final = re.compile(rf"({NAME}=).*", re.IGNORECASE | re.DOTALL)
"""One with its value, and all that follows: where that ends nobody knows."""
OPTION: Final = re.compile(rf"-[^\s=]*{NAME}", re.IGNORECASE)
"""One whose value is the next word."""
REDACTED: Final = "*********(redacted)"


def redacted(args: Sequence[str]) -> list[str]:
    """The words of a command line, each NAME=VALUE and each --NAME VALUE whose name is a secret's without its value."""
    shown = [SECRET.sub(lambda found: found[1] + REDACTED, word) for word in args]
    for at, (name, value) in enumerate(itertools.pairwise(args), start=1):
        if OPTION.fullmatch(name) and not value.startswith("-"):
            shown[at] = REDACTED
    return shown
