"""A page for each hook: its upper part is made from core/hookspecs.py, the examples below it are written by hand.

    cd docs/_ext && python -m luigi_site.hook_pages     writes the upper parts anew, after a change of hookspecs.py

The pages stand in the repository, so that they can be read and linked there; a test compares them with the code.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from luigi.hookspecs import KINDS, Command, Hooks, Provider, Ran
from luigi.plugin_manager import STEPS
from luigi_site.records import cell, section

FOLDER = Path(__file__).parents[2] / "hooks"
BEGIN = "<!-- from here on made by docs/_ext/luigi_site/hook_pages.py from core/hookspecs.py -->"
END = "<!-- from here on written by hand -->"


class Group(NamedTuple):
    """Hooks that are called in the same manner."""

    title: str
    """What a hook of the group is called."""
    rules: str
    """What holds for all of them."""


SET_UP = Group("Set-up", "What it raises stops the start, with an error that names plugin and hook.")
PROVIDER = Group(
    "Provider",
    "Called when something of the kind is looked for; what all plugins yield counts together. Two that\n"
    "offer one name are an error, unless `[core] preferred_plugins` names one of them. What an implementation\n"
    "raises stops the start, with an error that names plugin and hook. It cannot be wrapped. A plugin that\n"
    "implements this hook alone may wait until it is needed: name its entry point `{kind}.NAME`.",
)
STEP = Group(
    "Step",
    "Plugins are asked one after the other, the one loaded last first, until one answers something else than\n"
    "None; the kernel's own comes last. With `@luigi.hookimpl(wrapper=True)` an implementation goes around those\n"
    "behind it. Called in the process, and thread, where the step is done.",
)
MOMENT = Group(
    "Moment",
    "Nothing is returned. Called in a thread of the plugin's own, soon after it happened, in order; all is told\n"
    "by the end of the run. What an implementation raises is logged once and counted, and never hurts the run;\n"
    "after a hundred times in a row the plugin is told no more. One that hangs is not waited for. It cannot be\n"
    "wrapped.",
)


def names() -> list[str]:
    """Every hook, in the order of the specification."""
    return [name for name in vars(Hooks) if name.startswith("luigi_")]


def group_of(hook: str) -> Group:
    """The group a hook belongs to."""
    if hook.removeprefix("luigi_") in KINDS:
        return PROVIDER
    if hook in STEPS:
        return STEP
    return SET_UP if hook in ("luigi_configure", "luigi_routes") else MOMENT


def arguments(hook: str) -> dict[str, str]:
    """The names of a hook's arguments, with their types."""
    parameters = inspect.signature(getattr(Hooks, hook)).parameters.values()
    return {one.name: str(one.annotation) for one in parameters if one.name != "self"}


def made(hook: str) -> str:
    """The upper part of a hook's page."""
    group, function = group_of(hook), getattr(Hooks, hook)
    taken = ", ".join(f"{name}: {type_}" for name, type_ in arguments(hook).items())
    signature = f"def {hook}({taken}) -> {inspect.signature(function).return_annotation}"
    kind = hook.removeprefix("luigi_")
    rules = f"**{group.title}.** {group.rules.format(kind=kind)}"
    bundled = [f"<!-- table: {kind} -->"] if kind in KINDS else []
    text = inspect.getdoc(function) or ""
    return "\n\n".join([f"# {hook}", BEGIN, f"```text\n{signature}\n```", text, rules, *bundled, END])


def made_index() -> str:
    """The upper part of the page that lists the hooks."""
    rows = [f"| [{hook}]({hook}.md) | {group_of(hook).title.casefold()} | {_summary(hook)} |" for hook in names()]
    table = "\n".join(["| hook | | |", "|---|---|---|", *rows])
    return "\n\n".join(["# Hooks", BEGIN, table, *map(section, (Provider, Command, Ran)), END])


def pages() -> Iterator[tuple[Path, str]]:
    """Every page with the upper part it should have."""
    yield FOLDER / "index.md", made_index()
    for hook in names():
        yield FOLDER / f"{hook}.md", made(hook)


def write(everything: Iterable[tuple[Path, str]]) -> None:
    """Put the upper parts into the pages; what is written by hand stays."""
    for page, upper in everything:
        by_hand = page.read_text(encoding="utf-8").partition(END)[2] if page.exists() else "\n"
        page.write_text(upper + by_hand, encoding="utf-8")


def _summary(hook: str) -> str:
    paragraph = (inspect.getdoc(getattr(Hooks, hook)) or "").partition("\n\n")[0]
    return cell(_first_sentence(paragraph.replace("\n", " ")))


def _first_sentence(text: str) -> str:
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    write(pages())
