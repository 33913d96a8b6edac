"""The program that was started, `__main__`: the module that it is on another machine, where another one is started."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from luigi.errors import KernelError

NAMES = frozenset({"__main__", "__mp_main__"})
"""What its classes say their module is; the second in processes that multiprocessing has spawned."""


class NoScript(KernelError):
    """What is in `__main__` was typed at a prompt."""

    def __init__(self) -> None:
        super().__init__("a class or function of `__main__` cannot be sent to another machine: it is in no file")
        self.hint = "put it into a module, and import that"


def module_name() -> str:
    """What `__main__` is to be imported as. Raises NoScript.

    `python -m jobs.words` has a name already. That of a script is made of its file's.
    """
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None and spec.name not in NAMES:
        return str(spec.name)
    path = script_file()
    stem = path.parent.stem if path.stem == "__main__" else path.stem  # a folder or a zip archive may be started, too
    name = re.sub(r"\W", "_", stem)
    return f"{name}_" if name in sys.stdlib_module_names or name in {"luigi", "pluggy"} else name


def is_script(name: str) -> bool:
    """Whether `name` is what `__main__` is elsewhere, and cannot be imported by that here."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    unnamed = (spec is None or spec.name in NAMES) and _file() is not None
    return unnamed and name == module_name()


def script_file() -> Path:
    """The file of `__main__`. Raises NoScript."""
    file = _file()
    if file is None:
        raise NoScript
    return Path(file).absolute()


def _file() -> str | None:
    """None for what was typed, which has none, and for what came by a pipe, whose is called "<stdin>"."""
    file = getattr(sys.modules["__main__"], "__file__", None)
    return file if isinstance(file, str) and not file.startswith("<") else None
