"""Jars: those that lie in a folder, and one made of a source in Scala."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from luigi.contrib._jobs import program
from luigi.errors import KernelError

PACKAGE = re.compile(r"^\s*package\s+([\w.]+)", re.MULTILINE)
JOB_CLASS = re.compile(r"^\s*class\s+(\w+)\s*\(\s*\w+\s*:\s*Args\s*\)\s*extends\b", re.MULTILINE)
HINT = "set [scalding] scalding_home to where Scalding is"


class ScaldingBuildError(KernelError):
    """There is no jar, and none could be made."""


def jars_in(folder: str) -> list[str]:
    """Those of a folder, by name. Raises ScaldingBuildError when there is no such folder."""
    try:
        names = sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ScaldingBuildError(f"there is no folder {folder}, where jars are expected", hint=HINT) from error
    return [os.path.join(folder, name) for name in names if name.endswith(".jar")]


def job_class_in(source: str) -> str:
    """The class of a source that takes Args. Raises ScaldingBuildError when there is none."""
    with open(source, encoding="utf-8") as file:
        text = file.read()
    found, package = JOB_CLASS.search(text), PACKAGE.search(text)
    if found is None:
        raise ScaldingBuildError(f"{source} has no class that takes Args", hint="name it by job_class()")
    return f"{package[1]}.{found[1]}" if package else found[1]


def compile_to_jar(source: str, compiler: Sequence[str], needed: Sequence[str], build: str, jar: str) -> None:
    """Make `jar` of a source, by the compiler of these jars and with those that it needs; `build` is for its classes.

    Raises ScaldingBuildError with what the compiler says.
    """
    os.makedirs(build, exist_ok=True)
    start = ["java", "-cp", ":".join(compiler), "scala.tools.nsc.Main"]
    _make([*start, "-classpath", ":".join(needed), "-d", build, source], source)
    _make(["jar", "cf", jar, "-C", build, "."], source)


def _make(command: Sequence[str], source: str) -> None:
    ran = program.run(command)
    if ran.code != 0:
        raise ScaldingBuildError(f"{source} cannot be made a jar: {command[0]} says\n{ran.stdout}{ran.stderr}".rstrip())
