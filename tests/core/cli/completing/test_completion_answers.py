"""What may stand where the cursor is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Offered = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["pl"], ["plan", "plugins"]),
        (["help", "ser"], ["serve"]),
        (["plugins", ""], ["list", "show", "check"]),
        (["new", "plugin", "--kind", "not"], ["notifier"]),
        (["run", ""], ["nightly", "shop:", "stores."]),
        (["run", "stores."], ["stores.basel:"]),
        (["run", "shop:"], ["shop:Load", "shop:Report"]),
        (["plan", "stores.basel:L"], ["stores.basel:Load"]),
        (["run", "--module", ""], ["shop", "stores."]),
        (["run", "--module", "shop", "R"], ["Report"]),
        (["run", "--module=shop", "R"], ["Report"]),
        (["run", "shop:Load", "--d"], ["--dry-run", "--deadline", "--day", "--dry"]),
        (["run", "--module", "shop", "Report", "--c"], ["--country"]),
        (["run", "nightly", "--m"], ["--module", "--mode"]),
        (["run", "shop:Load", "--mode", ""], ["fast", "slow"]),
        (["run", "shop:Load", "--mode=s"], ["--mode=slow"]),
        (["run", "shop:Load", "--day", ""], []),
        (["run", "shop:Load", "--workers", ""], []),
        (["run", "shop:Load", "--log-l"], ["--log-level"]),
        (["run", "shop:Load", "--log-format", ""], ["text", "json"]),
        (["run", "shop:Load", ""], []),
        (["run", "shop:Load", "--force", ""], ["Load", "Report"]),
        (["completion", "z"], ["zsh"]),
        (["tasks", ""], ["list", "show"]),
        (["tasks", "show", "shop:R"], ["shop:Report"]),
        (["config", ""], ["show", "check", "init"]),
        (["config", "show", "--or"], ["--origin"]),
        (["lint", "sh"], ["shop"]),
        (["clean", "shop:Load", "--only", "L"], ["Load"]),
        (["graph", "shop:Load", "--format", "m"], ["mermaid"]),
        (["nonsense", ""], []),
        (["run", "nowhere:"], []),
    ],
)
def test_the_word_at_the_cursor(known_shop: Any, offered: Offered, words: list[str], wanted: list[str]) -> None:
    assert offered(known_shop, *words) == wanted


def test_each_comes_with_what_it_is_about(known_shop: Any) -> None:
    ended = known_shop.kernel("completion", "answer", "fish", "run", "shop:Load", "--da")
    assert ended.out == "--day\twhich day\n"


def test_a_plugins_command_is_known_by_name_and_never_called(
    shop: Any, offered: Offered, offered_in_time: Offered
) -> None:
    shop.write("mine.py", "from luigi.hookspecs import Command, hookimpl\n\ndef main(argv):\n"
        "    open('called', 'w').close()\n    return 0\n\n"
        "@hookimpl\ndef luigi_commands():\n    yield Command('destroy', 'all of it', main)\n")  # fmt: skip
    shop.write("luigi.cfg", "[core]\nplugins = mine\n")
    assert offered_in_time(shop, ["destroy"], "destr") == ["destroy"]
    assert offered(shop, "destroy", "--") == []
    assert not (shop.directory / "called").exists()


def test_what_a_module_prints_and_raises_is_nobodys(shop: Any, offered: Offered) -> None:
    shop.write("loud.py", "print('hello')\nimport sys\nsys.stderr.write('well')\n1 / 0\n")
    assert offered(shop, "run", "loud:") == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("kernel run shop:Lo", ["Load"]),  # bash takes words apart at colons
        ("kernel run shop:Load --mode=", ["fast", "slow"]),
        ("kernel run sho", ["shop:"]),
        ("kernel run 'sho", ["shop:"]),
        ("kernel ru", ["run"]),
    ],
)
def test_bash_gets_what_is_missing(known_shop: Any, line: str, wanted: list[str]) -> None:
    assert known_shop.kernel("completion", "answer", "bash", " \t\n\"'><=;|&(:", line).out.splitlines() == wanted


def test_what_is_no_shell_is_told(shell: Any) -> None:
    ended = shell.kernel("completion", "csh")
    assert ended.code == 2
    assert "bash" in ended.err
