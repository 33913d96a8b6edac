"""The entry points of group `luigi`, read without importing what they name.

importlib.metadata would parse every installed package there is, 50 ms in a small environment. So the text files are
read here, only of the packages that have any, and only their lines of the group. What is not a plain folder, such as
a zip archive, is left to it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import reduce
from importlib import import_module
from typing import NamedTuple

GROUP = "luigi"


class EntryPoint(NamedTuple):
    """A name, and the module or object behind it."""

    name: str
    value: str
    """`package.module` or `package.module:object`."""
    package: str
    """The distribution that brings it, as its metadata folder is named: `luigi_kernel-4.0`."""

    def load(self) -> object:
        """Import it. Raises what importing raises."""
        module, _, path = self.value.partition(":")
        return reduce(getattr, filter(None, path.split(".")), import_module(module))


def installed(folders: Iterable[str] | None = None) -> list[EntryPoint]:
    """Those of all packages found in `folders` (sys.path unless given), by name; the first of each package counts."""
    found: dict[str, list[EntryPoint]] = {}
    archives = False
    for folder in sys.path if folders is None else folders:
        try:
            names = os.listdir(folder or ".")
        except NotADirectoryError:
            archives = True
            continue
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                found.setdefault(_project(name), list(_of_package(folder, name)))
    if archives:
        _add_archived(found)
    return sorted(one for those in found.values() for one in those)


def _project(folder: str) -> str:
    """`Luigi_Kernel-4.0.dist-info` is about luigi-kernel, and so is `luigi_kernel.egg-info`."""
    name = re.split(r"-(?=\d)", folder.rpartition(".")[0])[0]
    return re.sub(r"[-_.]+", "-", name).casefold()


def _of_package(folder: str, package: str) -> Iterator[EntryPoint]:
    try:
        with open(os.path.join(folder, package, "entry_points.txt"), encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return
    if f"[{GROUP}]" in text:
        yield from _parsed(text, package.rpartition(".")[0])


def _parsed(text: str, package: str) -> Iterator[EntryPoint]:
    group = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            group = line.strip("[]")
        elif group == GROUP and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), value.partition("[")[0].replace(" ", ""), package)


def _add_archived(found: dict[str, list[EntryPoint]]) -> None:
    from importlib.metadata import distributions

    for distribution in distributions():
        package = f"{distribution.name}-{distribution.version}"
        of_group = distribution.entry_points.select(group=GROUP)
        found.setdefault(_project(package + "."), [EntryPoint(one.name, one.value, package) for one in of_group])
