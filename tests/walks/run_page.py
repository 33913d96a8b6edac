"""Run every code block of a Markdown page as its reader would, in order, in an empty folder: `python run_page.py PAGE`.

What a fence says after its three back-ticks decides:

* `python` is run; the blocks of a page share their names. With `>>>` it is a doctest.
* `console` has commands behind `$ ` and, below each, what it prints. `...` alone stands for any lines, also for none,
  and within a line for any text. Without any output only success is asked for; a command meant to fail is followed
  by `$ echo $?`.
* `python file=NAME`, `cfg file=NAME`, `toml file=NAME`… is saved under that name for the blocks after it;
  `append=NAME` adds to it.
* `text`, `mermaid` and the like are not run.
* In commands, `$REPO` is the clone.
* `not-run="reason"` behind any of them leaves the block out; the reason is printed.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n]+)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = re.compile(r"(?:\\\.){3}")
SHOWN_ONLY = {"text", "mermaid", "html"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its options, its text, and the line of the page where the text starts."""

    language: str
    options: dict[str, str]
    text: str
    line: int


class PageError(Exception):
    """A block that cannot be run, or did not do what the page says."""


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for fence in FENCE.finditer(page):
        language, *options = shlex.split(fence["info"])
        line = page.count("\n", 0, fence.start("body")) + 1
        pairs = dict(option.partition("=")[::2] for option in options)
        yield Block(language, pairs, textwrap.dedent(fence["body"]), line)


def environment() -> dict[str, str]:
    """The commands of this Python come first, modules are found in the folder one works in, no user's settings hold."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LUIGI_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        "PYTHONPATH": ".",
        "REPO": str(Path(__file__).absolute().parents[2]),
        "NO_COLOR": "1",
        "PYTHONUNBUFFERED": "1",  # what is printed stands where it was printed, as in a terminal
        "COLUMNS": "120",
    }


class Reader:
    """Someone who types a page's blocks into files and a terminal, all in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        module = sys.modules["page"] = types.ModuleType("page")
        self.names = module.__dict__
        self.last_exit = 0

    def take(self, block: Block) -> str:
        """Do what the block asks for and say what was done. Raises PageError where the page is wrong."""
        if "not-run" in block.options:
            if not block.options["not-run"]:
                raise PageError("not-run needs a reason")
            return f"not run: {block.options['not-run']}"
        if "file" in block.options:
            (self.folder / block.options["file"]).write_text(block.text)
            return f"saved {block.options['file']}"
        if "append" in block.options:
            with (self.folder / block.options["append"]).open("a") as file:
                file.write(block.text)
            return f"added to {block.options['append']}"
        if block.language == "python":
            self.run_python(block)
        elif block.language == "console":
            self.run_console(block)
        elif block.language not in SHOWN_ONLY:
            raise PageError(f"{block.language}: give it a file= or a not-run=, or call it text")
        return block.language

    def run_python(self, block: Block) -> None:
        if ">>> " not in block.text:
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, "<page>", "exec"), self.names)
            return
        examples = doctest.DocTestParser().get_doctest(block.text, self.names, "page", "page", block.line - 1)
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        runner.run(examples, out=said.append, clear_globs=False)
        self.names.update(examples.globs)
        if said:
            raise PageError("".join(said))

    def run_console(self, block: Block) -> None:
        for command, expected in commands(block.text):
            done = subprocess.run(
                ["bash", "-c", f"(exit {self.last_exit}); {command}"],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            asks_exit_code = command == "echo $?"
            if self.last_exit and not asks_exit_code:
                raise PageError(f"the command before `{command}` failed and no `echo $?` says that it should")
            self.last_exit = done.returncode
            if expected and not matches(expected, done.stdout):
                raise PageError(f"$ {command}\n--- the page says\n{expected}--- it printed\n{end_of(done.stdout)}")
            if self.last_exit and not expected:
                raise PageError(f"$ {command}\nexit code {self.last_exit}\n{end_of(done.stdout)}")


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output shown for it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = command[:-1] + more
        yield command, expected if expected.strip() else ""


def end_of(text: str) -> str:
    return "\n".join(text.splitlines()[-40:])


def matches(expected: str, printed: str) -> bool:
    """Whether that is what the page shows, with `...` for what it leaves out. Spaces at line ends do not count."""
    lines = [line.rstrip() for line in expected.splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else LEFT_OUT.sub(".*", re.escape(line)) + r"\n" for line in lines)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed.splitlines())) is not None


def run(page: Path) -> list[str]:
    """What was done for each block. Raises PageError, naming the line, at the first block that is wrong."""
    done = []
    page = page.absolute()
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(Path(folder))
        os.chdir(folder)
        sys.path.insert(0, folder)
        for block in blocks(page.read_text()):
            try:
                done.append(f"{page.name}:{block.line}: {reader.take(block)}")
            except PageError as error:
                raise PageError(f"{page}:{block.line}: {error}") from error
        if reader.last_exit:
            raise PageError(f"{page}: the last command failed")
    return done


if __name__ == "__main__":
    try:
        print("\n".join(run(Path(sys.argv[1]))))
    except PageError as error:
        sys.exit(str(error))
