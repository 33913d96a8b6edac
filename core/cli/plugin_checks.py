"""Whether plugins can do what they are there for: packages, settings, and their own self-tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from luigi.cli.plugin_inventory import Plugin
from luigi.configuration import get_config, known
from luigi.errors import KernelError, MissingExtra, MissingParameterException
from luigi.hookspecs import KINDS, Provider
from luigi.plugin_manager import PluginManager
from luigi.plugin_settings import MissingSettings

PATIENCE = 30.0
"""Seconds that a self-test may take."""

READY = "ready"
LACKS = "lacks"
UNSET = "unset"
FAILED = "failed"


class Verdict(NamedTuple):
    """How one thing stands: READY; LACKS a package; UNSET, as settings have no values; or FAILED."""

    state: str
    about: str
    sentence: str = ""
    hint: str = ""


def verdicts(plugin: Plugin, patience: float = PATIENCE) -> Iterator[Verdict]:
    """How all stands that the plugin offers; that it could be loaded, when it offers nothing by name."""
    if plugin.problem is not None:
        yield _failed(plugin.name, plugin.problem)
        return
    for kind, providers in plugin.providers.items():
        for provider in providers:
            yield _judged(f"{singular(kind)} {provider.name}", provider, patience)
    if not plugin.providers:
        yield Verdict(READY, plugin.name, plugin.summary)


def together() -> Iterator[Verdict]:
    """What is wrong with the plugins of a run all together; nothing when they get on."""
    try:
        manager = PluginManager.with_installed()
        manager.load_all()
        for kind in KINDS:
            if kind != "commands":
                manager.providers(kind)
        manager.configure(get_config())
    except KernelError as error:
        yield _failed("all together", error)


def singular(kind: str) -> str:
    """`task history` for `task_histories`."""
    name = kind.replace("_", " ")
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _judged(about: str, provider: Provider, patience: float) -> Verdict:
    missing = missing_modules(provider.needs)
    if missing:
        sentence = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
        return Verdict(LACKS, about, sentence, install_line(provider.extra) if provider.extra else "")
    try:
        settings = () if _has_many_sections(provider) else PluginManager().settings(provider)
        test = provider.check
        said = None if test is None else _answer(lambda: test(*settings), patience)
    except (MissingSettings, MissingParameterException) as error:
        return Verdict(UNSET, about, str(error), error.hint)
    except (Exception, SystemExit) as error:  # whatever a self-test raises is its answer
        return _failed(about, error)
    return Verdict(READY, about, said or provider.summary)


def _has_many_sections(provider: Provider) -> bool:
    """Whether it reads settings from each of several sections, as triggers do: who starts a server checks them."""
    return provider.section.partition(".")[0] in known.MANY


def _failed(about: str, error: BaseException) -> Verdict:
    hint = error.hint if isinstance(error, KernelError) else ""
    sentence = str(error) if isinstance(error, KernelError) else f"{type(error).__name__}: {error}"
    return Verdict(FAILED, about, sentence, hint)


def install_line(extra: str) -> str:
    """The command that brings an extra of luigi-kernel."""
    return MissingExtra("", extra).hint


def missing_modules(needs: Sequence[str]) -> list[str]:
    """Those of the modules that cannot be found. None of them is imported, but for the packages they are in."""
    from importlib.util import find_spec

    missing = []
    for module in needs:
        try:
            found = find_spec(module) is not None
        except ModuleNotFoundError:  # the package it is in
            found = False
        if not found:
            missing.append(module)
    return missing


def _answer(test: Callable[[], str | None], patience: float) -> str | None:
    """What a self-test says. Raises what it raises, and TimeoutError when it says nothing for too long."""
    said: list[str | None] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            said.append(test())
        except BaseException as error:  # a thread has nobody else to tell
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(patience)
    if raised:
        raise raised[0]
    if not said:
        raise TimeoutError(f"its self-test says nothing for {patience:g} seconds")
    return said[0]
