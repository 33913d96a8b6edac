"""What a pipeline is told of a task's inputs and outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from luigi.errors import KernelError
from luigi.target import FileSystemTarget

PATTERN: Final = "part-*"
"""What the files of an input are called, where file_pattern() does not say."""


class NotForPipelines(KernelError, ValueError):
    """A pipeline cannot be told of an input or output."""

    def __init__(self, what: object) -> None:
        super().__init__(f"a pipeline of Beam cannot be told of {what!r}")
        self.hint = "inputs and outputs are files, folders and tables of BigQuery; an output is one, or a dict of them"


def inputs(found: Any, patterns: Mapping[str, str]) -> Iterator[str]:
    """--NAME=PLACE,PLACE for each name of a dict; the name of anything else is `input`."""
    for name, one in (found if isinstance(found, Mapping) else {"input": found}).items():
        pattern = patterns.get(name, PATTERN)
        if places := [_with(pattern, target) for target in _targets(one)]:
            yield f"--{name}={','.join(places)}"


def outputs(found: Any) -> Iterator[str]:
    """--NAME=PLACE for each name of a dict; the name of a single target is `output`."""
    for name, target in (found if isinstance(found, Mapping) else {"output": found}).items():
        yield f"--{name}={place(target)}"


def place(target: Any) -> str:
    """The path of a file or folder, or PROJECT:DATASET.TABLE. Raises NotForPipelines."""
    if isinstance(target, FileSystemTarget):
        return str(target.path)
    if _is_table(target):
        return f"{target.table.project_id}:{target.table.dataset_id}.{target.table.table_id}"
    raise NotForPipelines(target)


def _with(pattern: str, target: Any) -> str:
    return f"{place(target)}/{pattern}" if pattern and not _is_table(target) else place(target)


def _is_table(target: Any) -> bool:
    from luigi.contrib.bigquery import BigQueryTarget

    return isinstance(target, BigQueryTarget)


def _targets(found: Any) -> Sequence[Any]:
    return found if isinstance(found, list | tuple) else [found]
