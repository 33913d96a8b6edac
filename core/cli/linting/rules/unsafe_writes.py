"""Outputs written in place: when the task dies halfway, half an output counts as a whole one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.subject import Subject

NAME: Final = "unsafe-write"
SUMMARY: Final = "an output is written in place, not whole or not at all"
HINT: Final = 'with self.output().temporary_path() as path: …, or self.output().open("w")'

OPENERS: Final = {"open", "io.open", "gzip.open", "bz2.open", "lzma.open", "codecs.open"}
COPIES: Final = {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "shutil.move"}
"""Functions that write to their second argument bit by bit."""

MAKERS: Final = {"os.mkdir", "os.makedirs"}
WRITERS: Final = ("write_text", "write_bytes", "mkdir", "touch")
"""Methods of a Path."""

SAME: Final = {"str", "Path", "pathlib.Path", "os.fspath"}
"""Functions whose result is the path they are given."""


def check(subject: Subject) -> Iterator[Finding]:
    """Every call that writes to the path of an output, in any method of the class's own body."""
    for cls in subject.classes:
        tree = subject.sources.tree(cls)
        for method in (node for node in tree.body if isinstance(node, ast.FunctionDef)) if tree is not None else ():
            for call in _writes(method):
                sentence = f"{cls.get_task_family()}.{method.name}() writes its output in place: {ast.unparse(call)}"
                yield subject.finding(cls, NAME, sentence, HINT, line=call.lineno)


def _writes(method: ast.FunctionDef) -> Iterator[ast.Call]:
    paths, outputs = _names(method)
    seeing = _Seeing(paths, outputs)
    for node in ast.walk(method):
        if isinstance(node, ast.Call) and seeing.is_write(node):
            yield node


def _names(method: ast.FunctionDef) -> tuple[set[str], set[str]]:
    """The names in the method that stand for paths of outputs, and for outputs."""
    paths: set[str] = set()
    outputs: set[str] = set()
    assigned = [node for node in ast.walk(method) if isinstance(node, ast.Assign)]
    for node in sorted(assigned, key=lambda node: node.lineno):
        seeing = _Seeing(paths, outputs)
        kind = paths if seeing.is_path(node.value) else outputs if seeing.is_output(node.value) else None
        for target in node.targets:
            if isinstance(target, ast.Name):
                paths.discard(target.id)
                outputs.discard(target.id)
                if kind is not None:
                    kind.add(target.id)
    return paths, outputs


class _Seeing:
    """What expressions stand for, given the names that are known."""

    def __init__(self, paths: set[str], outputs: set[str]) -> None:
        self._paths, self._outputs = paths, outputs

    def is_output(self, node: ast.expr) -> bool:
        """`self.output()`, one of its parts, or a name for such."""
        if isinstance(node, ast.Subscript):
            return self.is_output(node.value)
        if isinstance(node, ast.Name):
            return node.id in self._outputs
        return isinstance(node, ast.Call) and ast.unparse(node.func) == "self.output"

    def is_path(self, node: ast.expr) -> bool:
        """An output's path, as text or Path, or a name for it."""
        if isinstance(node, ast.Name):
            return node.id in self._paths
        if isinstance(node, ast.Call) and node.args:
            return ast.unparse(node.func) in SAME and self.is_path(node.args[0])
        return isinstance(node, ast.Attribute) and node.attr in ("path", "fn") and self.is_output(node.value)

    def is_write(self, call: ast.Call) -> bool:
        """Whether the call writes to an output's path."""
        name = ast.unparse(call.func)
        if name in OPENERS:
            return self._first(call) and _writing(call, 1)
        if name in MAKERS:
            return self._first(call)
        if name in COPIES:
            return len(call.args) > 1 and self.is_path(call.args[1])
        if isinstance(call.func, ast.Attribute):
            return self._is_written_by_method(call, call.func)
        return False

    def _is_written_by_method(self, call: ast.Call, func: ast.Attribute) -> bool:
        """`frame.to_csv(path)`, `path.write_text(…)`, `path.open("w")`."""
        if func.attr.startswith("to_"):
            return self._first(call)
        on_path = self.is_path(func.value)
        return on_path and (func.attr in WRITERS or (func.attr == "open" and _writing(call, 0)))

    def _first(self, call: ast.Call) -> bool:
        return bool(call.args) and self.is_path(call.args[0])


def _writing(call: ast.Call, place: int) -> bool:
    """Whether the call's mode, its argument at that place, is one for writing."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "mode"] or call.args[place : place + 1]
    return any(isinstance(mode, ast.Constant) and bool(set("wax+") & set(str(mode.value))) for mode in given)
