"""Modules and packages that all jobs take along."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from types import ModuleType

from luigi.contrib._travel.members import members
from luigi.contrib._travel.needs import unit

_attached_packages: list[ModuleType | str] = []


def attach(*packages: ModuleType | str) -> None:
    """Have all jobs of this process take these modules or packages along, or those of these names."""
    _attached_packages.extend(packages)


def attached() -> list[ModuleType | str]:
    """Those that `attach` was given."""
    return list(_attached_packages)


def create_packages_archive(packages: Iterable[ModuleType | str], filename: str) -> None:
    """Write the modules and packages to a tar archive. Jobs need none: theirs is made for them. Raises ModuleStays."""
    names = dict.fromkeys(unit(one.__name__ if isinstance(one, ModuleType) else one) for one in packages)
    with tarfile.open(filename, "w", dereference=True) as archive:
        for name in names:
            for member in members(name):
                entry = tarfile.TarInfo(member.name)
                entry.size = len(member.content)
                archive.addfile(entry, io.BytesIO(member.content))
