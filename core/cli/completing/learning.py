"""Learns what completion needs to know, in a process of its own: `python -m luigi.cli.completing.learning TOPIC`.

A topic is the name of a module, or `index.COMMANDS`. Importing somebody's module may print, take long or fail, and must
do none of it to the shell: what is printed is dropped, and whoever waits stops waiting.
"""

from __future__ import annotations

import contextlib
import os
import site
import sys
from collections.abc import Iterator

from luigi.cli.completing import index


def main(topic: str) -> None:
    """Learn about `topic`, and keep that. What cannot be learned is not kept, and asked for again."""
    sys.path.insert(0, os.getcwd())
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        facts = _of_commands() if topic == index.COMMANDS else _of_module(topic)
    index.keep(topic, facts, sorted({*_imported(), *_settings(), *_installed()}))


def _of_commands() -> index.Facts:
    from luigi.cli.completing.command_facts import all_commands
    from luigi.cli.configured_runs import configured_runs

    runs = {name: {"module": run.module, "task": run.task} for name, run in configured_runs().items()}
    return {"commands": all_commands(), "runs": runs}


def _of_module(name: str) -> index.Facts:
    from luigi.cli.completing.module_facts import tasks_of

    return {"tasks": tasks_of(name)}


def _imported() -> Iterator[str]:
    """The files of all modules that were imported, but for those that come with Python or are installed."""
    installed = tuple(f"{path}{os.sep}" for path in [*_installed(), os.path.dirname(os.__file__)])
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path and not path.startswith(installed):
            yield os.path.abspath(path)


def _settings() -> Iterator[str]:
    """The files of the configuration, also those that are not there."""
    from luigi.configuration import LuigiConfigParser, LuigiTomlParser

    for parser in (LuigiConfigParser, LuigiTomlParser):
        yield from map(os.path.abspath, parser._files())


def _installed() -> list[str]:
    """The folders that change when a package is installed or removed."""
    return [path for path in [*site.getsitepackages(), site.getusersitepackages()] if os.path.isdir(path)]


if __name__ == "__main__":
    main(sys.argv[1])
