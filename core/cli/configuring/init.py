"""`kernel config init`: writes a configuration file to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from luigi.cli.arguments import Arguments
from luigi.configuration import known
from luigi.errors import KernelError

if TYPE_CHECKING:
    from argparse import Namespace

    from luigi.cli.configuring.known_options import KnownOption, Sections

PROGRAM = "kernel config init"
ABOUT = """\
Writes a configuration file in which options stand with their meanings and defaults, commented out: it changes nothing
until you take a # away. FILE is luigi.cfg unless given, and never overwritten; one that ends in .toml is written as
TOML; - is the terminal."""
EPILOG = """\
exit codes: 0 it is written, 1 there is one already, 2 the command line cannot be read

example:
  kernel config init --module shop"""

USUAL: Final = ("core", "worker", "scheduler", "retcode", "execution_summary", "resources")
"""The sections that are written unless all are asked for."""

OF_COMMAND_LINES: Final = {("core", "help"), ("core", "help_all"), ("core", "module")}
"""Options that make sense on a command line only."""


class FileThere(KernelError):
    """There is a file where one was to be written."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is there already")
        self.hint = f"name another: {PROGRAM} luigi-example.cfg"


class NowhereToWrite(KernelError):
    """The file cannot be written there."""

    def __init__(self, path: str, error: OSError) -> None:
        super().__init__(f"{path} cannot be written: {error.strerror}")


def main(argv: list[str]) -> int:
    """Write what `argv` asks for. The exit code. Raises UsageError, FileThere and NowhereToWrite."""
    from luigi.cli.configuring.known_options import known_sections
    from luigi.cli.configuring.modules import know

    asked = _arguments().parse_args(argv)
    know(asked.module)
    text = "\n".join(_lines(_wanted(known_sections(), asked), asked.file.endswith(".toml"))) + "\n"
    if asked.file == "-":
        print(text, end="")
    else:
        _write(asked.file, text)
        print(f"{asked.file}: written; kernel config show --origin says what holds")
    return 0


def _arguments() -> Arguments:
    from luigi.cli.configuring.modules import add_modules

    own = Arguments(PROGRAM, ABOUT)
    own.epilog = EPILOG
    own.add_argument("file", metavar="FILE", nargs="?", default="luigi.cfg")
    own.add_argument("--all", action="store_true", help="every section there is, those of plugins, too")
    add_modules(own)
    return own


def _wanted(sections: Sections, asked: Namespace) -> Sections:
    from luigi.cli.task_classes import classes_of

    families = [cls.get_task_family() for module in asked.module for cls in classes_of(module)]
    names = [section for section in sections if _stands_alone(section)] if asked.all else USUAL
    return {name: sections.get(name, {}) for name in (*names, *families)}


def _stands_alone(section: str) -> bool:
    """Whether it is neither a task's, nor one of many that people make up names for."""
    return not _is_task(section) and section.partition(".")[0] not in known.MANY


def _is_task(section: str) -> bool:
    """Whether it is the section of a task, such as one that a module of the kernel defines for others to use."""
    from luigi.task import Config
    from luigi.task_register import Register

    cls = Register._get_reg().get(section)
    return cls is not None and not (isinstance(cls, type) and issubclass(cls, Config))


def _write(path: str, text: str) -> None:
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FileThere(path) from None
    except OSError as error:
        raise NowhereToWrite(path, error) from error


def _lines(sections: Sections, toml: bool) -> Iterator[str]:
    yield "# Options stand with their defaults: take the # in front away, and change it. One without a value needs one."
    yield "# kernel config check finds mistakes, kernel config show --origin says what holds, and from where."
    for section, options in sections.items():
        written = [option for option in options.values() if _is_written(section, option)]
        if written or section == "resources":
            yield from ("", f"[{section}]")
        for option in written:
            yield from [f"# {line}" for line in option.meaning.splitlines()]
            yield f"#{option.name} = {'' if option.default is None else _value(option.default, toml)}".rstrip()
        if section == "resources":
            yield from ("# how many there are of what tasks name in `resources`", "#database = 4")
    yield from ("", "# a run by name: kernel run nightly", "#[run.nightly]")
    yield from (f"#{option} = {_value(value, toml)}" for option, value in (("module", "shop"), ("task", "Invoice")))


def _is_written(section: str, option: KnownOption) -> bool:
    """Of the kernel's own options those that are not explained are old places of others, or stand in the manual."""
    if section in known.KERNEL and not option.meaning:
        return False
    return (section, option.name) not in OF_COMMAND_LINES


def _value(text: str, toml: bool) -> str:
    """The text as the file has it."""
    import json

    if not toml:
        return text.replace("%", "%%").replace("\n", "\n#    ")
    if text in ("True", "False"):
        return text.casefold()
    return text if text.lstrip("-").replace(".", "", 1).isdigit() else json.dumps(text)
