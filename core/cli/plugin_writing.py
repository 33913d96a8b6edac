"""Writes the beginning of a plugin from the templates in `new_plugin`: one module, its tests, pyproject and README."""

from __future__ import annotations

import keyword
import os
import re
import sys
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from string import Template
from typing import NamedTuple

import luigi
from luigi.cli.plugin_checks import singular
from luigi.configuration import known
from luigi.errors import KernelError
from luigi.hookspecs import KINDS as PLURALS

KINDS: Mapping[str, str] = {singular(plural).replace(" ", "_"): plural for plural in PLURALS}
"""What a plugin can be begun as → the kind of its provider."""

USES: Mapping[str, str] = {
    "authenticator": "Use it: `[server] authenticators = $name` in the configuration.",
    "command": "Run it: `kernel $name`.",
    "config_parser": "`LUIGI_CONFIG_PARSER=$name` has `luigi.$name` read; `LUIGI_CONFIG_PATH` may name any such file.",
    "executor": "Use it: `kernel run --executor $name …`, or `[core] executor = $name` in the configuration.",
    "freshness_policy": 'Use it: `freshness = "$name"` in a task, or `[freshness] FAMILY = $name` for one.',
    "mailer": "Use it: `[email] method = $name` in the configuration.",
    "metrics_collector": "Use it: `[scheduler] metrics_collector = $name` in the configuration.",
    "notifier": "It is told of every failure, unless a section `[notify.RULE]` names it and says of which.",
    "observer": "Have it watch: `[core] observers = $name` in the configuration.",
    "state_store": "Use it: `[server] state_store = $name` in the configuration.",
    "target": 'Use it: `luigi.open_target("$name://some/path")`.',
    "task_history": "Use it: `[task_history] kind = $name` in the configuration.",
    "trigger": "Use it: `type = $name` in a section `[trigger.NAME]` of the server's configuration.",
}
"""What a README says of the use of each kind."""

NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


class BadName(KernelError):
    """No plugin can be named so, or none here."""


class FolderTaken(KernelError, FileExistsError):
    """The folder to write is there already."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"{folder} is there already", hint="choose another name, or another place with --into")


class NotWritable(KernelError, OSError):
    """The folder cannot be made, or a file in it."""

    def __init__(self, folder: str, error: OSError) -> None:
        super().__init__(f"{folder} cannot be written: {error}", hint="say where with --into")


class _File(NamedTuple):
    """A file of the package, and the template it is made of."""

    path: str
    template: str


def write_plugin(name: str, kind: str, into: str = ".") -> str:
    """Write a plugin of that kind to a folder `name` within `into`. The folder's path.

    Raises BadName and FolderTaken before anything is written, and NotWritable.
    """
    values = _values(name, kind)
    folder = os.path.normpath(os.path.join(into, name))
    if os.path.lexists(folder):
        raise FolderTaken(folder)
    _refuse_taken(name, values["module"], KINDS[kind])
    try:
        for file in _files(kind, values["module"]):
            _write(os.path.join(folder, file.path), _template(file.template).substitute(values))
    except OSError as error:
        raise NotWritable(folder, error) from error
    return folder


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "x", encoding="utf-8") as file:
        file.write(text)


def _files(kind: str, module: str) -> list[_File]:
    return [
        _File("pyproject.toml", "pyproject.toml"),
        _File("README.md", "README.md"),
        _File(f"src/{module}.py", f"{kind}.py"),
        _File(f"tests/test_{module}.py", f"test_{kind}.py"),
    ]


def _template(name: str) -> Template:
    return Template((files("luigi.cli") / "new_plugin" / f"{name}.template").read_text(encoding="utf-8"))


def _values(name: str, kind: str) -> dict[str, str]:
    if not NAME.fullmatch(name):
        raise BadName(f"no plugin can be named {name!r}", hint="small letters, digits and dashes: mail-to-pager")
    module = name.replace("-", "_")
    values = {
        "name": name,
        "module": module,
        "kind": kind.replace("_", " "),
        "plural": KINDS[kind],
        "class_name": _class_name(module, kind),
        "version": luigi.__version__,
    }
    return values | {"use": Template(USES[kind]).substitute(values)}


def _class_name(module: str, kind: str) -> str:
    """`MailToPagerNotifier`; a name that says already what it is stays as it is."""
    words = module.split("_")
    kind_words = kind.split("_")
    if words[-len(kind_words) :] == kind_words and len(words) > len(kind_words):
        words = words[: -len(kind_words)]
    return "".join(word.capitalize() for word in [*words, *kind_words])


def _refuse_taken(name: str, module: str, plural: str) -> None:
    """Raises BadName for what would hide, or be hidden by, something that is there."""
    if keyword.iskeyword(module) or module in sys.stdlib_module_names or find_spec(module) is not None:
        raise BadName(f"there is a module {module} already", hint=f"say whose it is: my-{name}")
    if {name, module} & {*known.KERNEL, *known.CONTRIB, known.RESOURCES, known.LOGGING}:
        raise BadName(f"[{name}] is a section of the configuration already", hint=f"say whose it is: my-{name}")
    other = _offerer(name, plural)
    if other:
        sentence = f"{other} offers {name!r} among the {plural.replace('_', ' ')} already"
        raise BadName(sentence, hint=f"say whose it is: my-{name}")


def _offerer(name: str, plural: str) -> str:
    """The plugin that offers something of that kind and name, if there is one."""
    from luigi.cli.plugin_inventory import inventory, overview

    for plugin in map(overview, inventory()):
        offered = plugin.commands if plural == "commands" else plugin.providers.get(plural, ())
        if name in [one.name for one in offered]:
            return plugin.name
    return ""
