"""The archive of all code that a task needs: one zip file, the same bytes for the same files."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Final

from luigi.contrib._travel.members import Member, members
from luigi.contrib._travel.needs import KERNEL
from luigi.contrib._travel.sealed import Sealed, seal

NAME: Final = "packages.zip"
AT_HOME: Final = ("luigi/server/", "luigi/testing/")
"""What no task imports."""
BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive knows: that of all files in ours."""


def write(modules: Iterable[str], folder: str | os.PathLike[str]) -> Sealed:
    """Write the kernel and the modules and packages of these names to the file NAME in `folder`.

    Raises ModuleStays, FileExistsError.
    """
    return seal(os.path.join(folder, NAME), zipped([*_kernel(), *(one for name in modules for one in members(name))]))


def zipped(files: Iterable[Member]) -> bytes:
    """A zip archive; of two files of one name the first counts."""
    stream = io.BytesIO()
    chosen = {file.name: file.content for file in reversed(list(files))}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(chosen):
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, chosen[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _kernel() -> Iterator[Member]:
    for name in KERNEL:
        yield from (member for member in members(name) if not member.name.startswith(AT_HOME))
    yield from _entry_points()


def _entry_points() -> Iterator[Member]:
    """What makes the bundled plugins known there."""
    try:
        installed = metadata.distribution("luigi-kernel")
    except metadata.PackageNotFoundError:  # its folders are merely on sys.path, and so it has none here either
        return
    folder = f"luigi_kernel-{installed.version}.dist-info"
    for name in ("METADATA", "entry_points.txt"):
        yield Member(f"{folder}/{name}", (installed.read_text(name) or "").encode())
