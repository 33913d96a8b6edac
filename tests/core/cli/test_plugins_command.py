"""`kernel plugins list | show | check`, with plugins installed into the folder where the command runs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from luigi.cli.plugin_checks import FAILED, LACKS, READY, UNSET, Verdict, missing_modules, singular, verdicts
from luigi.cli.plugin_inventory import ON, Plugin, short_name
from luigi.hookspecs import KINDS, Provider

PAGER = '''
"""Notices to a pager."""
from dataclasses import dataclass
import luigi
from luigi.hookspecs import Provider
from luigi.plugin_settings import setting

@dataclass(frozen=True)
class Settings:
    number: str = setting(help="whom to call", secret=True)
    pin: str = setting("0000", help="what opens the line", secret=True)
    tries: int = setting(3, help="how often")

class Pager:
    def __init__(self, settings):
        pass

def check(settings):
    if settings.number == "0":
        raise OSError("the line is dead")
    return f"the pager rings {settings.tries} times"

@luigi.hookimpl
def luigi_notifiers():
    yield Provider("pager", Pager, "to a pager", settings=Settings, section="beeper", check=check)
'''

WATCHER = '''
"""Watches."""
import luigi
from luigi.hookspecs import Provider

@luigi.hookimpl
def luigi_observers():
    yield Provider("watcher", object, "watches")
'''

GREEDY = """
import luigi
from luigi.hookspecs import Provider

@luigi.hookimpl
def luigi_mailers():
    yield Provider("greedy", object, "wants more", needs=("json", "no_such_package.inner"), extra="s3")
"""


def install(shell: Any, entry_point: str, module: str, code: str) -> None:
    """As pip would: a module, and beside it what its package says of itself."""
    shell.write(f"{module}.py", code)
    shell.write(f"{module}-1.2.dist-info/entry_points.txt", f"[luigi]\n{entry_point} = {module}\n")


def line(out: str, name: str) -> str:
    """The line about `name`, and nothing but single spaces in it."""
    (found,) = [line for line in out.splitlines() if line.partition("  ")[0] == name]
    return " ".join(found.split())


# --- list ----------------------------------------------------------------------------------------------------------


def test_list_names_all_with_what_they_offer(shell: Any) -> None:
    install(shell, "notifiers.pager", "pager", PAGER)
    ended = shell.kernel("plugins", "list")
    assert (ended.code, ended.err) == (0, "")
    assert line(ended.out, "defaults").startswith("defaults on executor inline, processes; freshness policy")
    assert line(ended.out, "notifiers.pager") == "notifiers.pager on notifier pager"
    assert ended.out.startswith("defaults"), "the kernel's own come first"
    assert shell.kernel("plugins").out == ended.out


def test_a_plugin_that_offers_nothing_by_name_is_told_by_its_summary(shell: Any) -> None:
    install(shell, "quiet", "quiet", '"""Hears everything."""\n')
    assert line(shell.kernel("plugins").out, "quiet") == "quiet on Hears everything."


def test_a_broken_plugin_hides_no_other(shell: Any) -> None:
    install(shell, "broken", "broken", "import no_such_package\n")
    install(shell, "notifiers.pager", "pager", PAGER)
    ended = shell.kernel("plugins", "list")
    assert ended.code == 0
    assert line(ended.out, "broken").startswith("broken broken plugin broken cannot be loaded: ModuleNotFoundError")
    assert line(ended.out, "notifiers.pager") == "notifiers.pager on notifier pager"


OFFERS = "import luigi\nfrom luigi.hookspecs import Provider\n@luigi.hookimpl\ndef luigi_targets():\n    "


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit('sorry')", "cannot be used: SystemExit('sorry')"),
        (f"{OFFERS}yield 'a target'", "cannot be used: AttributeError"),
        (f"{OFFERS}return 3", "luigi_targets raised TypeError"),
        (f"{OFFERS}yield Provider('odd', str, settings=dict)", "cannot be used: TypeError"),
        ("import luigi\nclass luigi_run_finishd: ...\nluigi_run_finishd = luigi.hookimpl(lambda: 0)", "unknown hook"),
    ],
    ids=["exits", "offers no provider", "offers nothing to go through", "settings of no kind", "unknown hook"],
)
def test_whatever_is_wrong_with_a_plugin_is_told_in_its_place(shell: Any, code: str, said: str) -> None:
    install(shell, "odd", "odd", code)
    for command in (["plugins", "list"], ["plugins", "show", "odd"], ["run", "--help-all"]):
        ended = shell.kernel(*command)
        assert (ended.code, ended.err) == (0, "")
        assert said in " ".join(ended.out.split())


def test_a_disabled_plugin_is_listed_and_not_imported(shell: Any) -> None:
    install(shell, "loud", "loud", "print('imported')\n")
    shell.write("luigi.cfg", "[core]\ndisabled_plugins = loud\n")
    ended = shell.kernel("plugins", "list")
    assert line(ended.out, "loud") == "loud disabled"
    assert "imported" not in ended.out


def test_observers_are_off_until_they_are_asked_for(shell: Any) -> None:
    install(shell, "observers.watcher", "watcher", WATCHER)
    assert line(shell.kernel("plugins").out, "observers.watcher") == "observers.watcher off observer watcher"
    shell.write("luigi.cfg", "[core]\nobservers = watcher\n")
    assert line(shell.kernel("plugins").out, "observers.watcher") == "observers.watcher on observer watcher"


def test_a_module_of_this_folder_may_be_named(shell: Any) -> None:
    shell.write("mine.py", PAGER)
    shell.write("luigi.cfg", "[core]\nplugins = mine\n")
    assert line(shell.kernel("plugins").out, "mine") == "mine on notifier pager"
    assert " plugins," in shell.kernel("--help").out


# --- show ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notifiers.pager", "pager"])
def test_show_tells_every_setting_and_no_secret(shell: Any, name: str) -> None:
    install(shell, "notifiers.pager", "pager", PAGER)
    shell.write("luigi.cfg", "[beeper]\nnumber = 110\n")
    ended = shell.kernel("plugins", "show", name)
    words = " ".join(ended.out.split())
    assert ended.code == 0
    assert words.startswith(
        "notifiers.pager: Notices to a pager. state on from pager (pager-1.2) hooks luigi_notifiers"
    )
    assert "notifier pager: to a pager settings in the section [beeper]:" in words
    assert "number=str whom to call (secret; required; set in luigi.cfg:2)" in words
    assert "pin=str what opens the line (secret; default: ***)" in words
    assert "tries=int how often (default: 3)" in words
    assert "0000" not in words
    assert "110" not in words


def test_show_finds_a_plugin_by_what_it_offers(shell: Any) -> None:
    assert shell.kernel("plugins", "show", "inline").out.startswith("defaults: ")
    assert "command run" in " ".join(shell.kernel("plugins", "show", "run").out.split())


def test_show_says_what_is_missing(shell: Any) -> None:
    install(shell, "mailers.greedy", "greedy", GREEDY)
    words = " ".join(shell.kernel("plugins", "show", "greedy").out.split())
    assert 'needs json (installed), no_such_package.inner (missing), pip install "luigi-kernel[s3]"' in words


def test_show_of_a_broken_plugin_says_why(shell: Any) -> None:
    install(shell, "broken", "broken", "import luigi\n@luigi.hookimpl\ndef luigi_run_finishd(): ...\n")
    words = " ".join(shell.kernel("plugins", "show", "broken").out.split())
    assert "state broken" in words
    assert "unknown hook 'luigi_run_finishd'" in words


def test_what_is_not_there_is_told_with_its_neighbour(shell: Any) -> None:
    ended = shell.kernel("plugins", "show", "prometeus")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "error: there is no plugin 'prometeus'\nhint: did you mean prometheus?\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sow"], "invalid choice: 'sow'"),
        (["show"], "show needs the name of a plugin"),
        (["list", "pager"], "list takes no names: kernel plugins show pager"),
        (["list", "--loud"], "unrecognized arguments: --loud"),
    ],
)
def test_mistakes_in_the_command_line(shell: Any, arguments: list[str], said: str) -> None:
    ended = shell.kernel("plugins", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: ")
    assert said in ended.err
    assert "hint: usage: kernel plugins" in ended.err


# --- check ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configured", "state", "said", "code"),
    [
        ("[beeper]\nnumber = 110\n", READY, "the pager rings 3 times", 0),
        ("", UNSET, "[beeper] says nothing of number: add to the configuration: [beeper] number", 1),
        ("[beeper]\nnumber = 0\n", FAILED, "OSError: the line is dead", 1),
        ("[beeper]\nnumber = 1\ntries = often\n", FAILED, "[beeper] tries = 'often' is not of type int", 1),
    ],
)
def test_check_of_one(shell: Any, configured: str, state: str, said: str, code: int) -> None:
    install(shell, "notifiers.pager", "pager", PAGER)
    shell.write("luigi.cfg", configured)
    ended = shell.kernel("plugins", "check", "pager")
    assert line(ended.out, "notifier pager").startswith(f"notifier pager {state}")
    assert said in " ".join(ended.out.split())
    assert ended.code == code


@pytest.mark.parametrize(
    ("number", "code"), [("110", 0), ("0", 1)], ids=["what is not set up is no mistake", "what fails is one"]
)
def test_check_of_all(shell: Any, number: str, code: int) -> None:
    install(shell, "notifiers.pager", "pager", PAGER)
    install(shell, "mailers.greedy", "greedy", GREEDY)
    shell.write("luigi.cfg", f"[beeper]\nnumber = {number}\n")
    ended = shell.kernel("plugins", "check")
    assert ended.code == code, ended.out
    assert line(ended.out, "executor inline").startswith("executor inline ready")
    sentence = 'no_such_package.inner is not installed: pip install "luigi-kernel[s3]"'
    assert f"mailer greedy lacks {sentence}" in " ".join(ended.out.split())
    assert (f"1 {FAILED}" in ended.out) == bool(code)


def test_check_finds_those_that_do_not_get_on(shell: Any) -> None:
    install(shell, "notifiers.first", "first", PAGER)
    install(shell, "notifiers.second", "second", PAGER)
    settings = "[beeper]\nnumber = 110\n"
    shell.write("luigi.cfg", settings)
    ended = shell.kernel("plugins", "check")
    assert ended.code == 1
    assert line(ended.out, "all together").startswith("all together failed notifiers 'pager' is offered by two plugins")
    shell.write("luigi.cfg", f"{settings}[core]\npreferred_plugins = notifiers.second\n")
    ended = shell.kernel("plugins", "check")
    assert (ended.code, "all together" in ended.out) == (0, False)


def test_check_tells_of_a_broken_plugin_and_goes_on(shell: Any) -> None:
    install(shell, "broken", "broken", "1 / 0\n")
    ended = shell.kernel("plugins", "check")
    assert ended.code == 1
    assert line(ended.out, "broken").startswith("broken failed plugin broken cannot be loaded: ZeroDivisionError")
    assert line(ended.out, "executor inline").startswith("executor inline ready")


def plugin(provider: Provider) -> Plugin:
    return Plugin("a plugin", ON, "a_module", providers={"mailers": [provider]})


def test_a_self_test_that_hangs_is_not_waited_for() -> None:
    hung = threading.Event()
    provider = Provider("slow", object, check=lambda: str(hung.wait()))
    try:
        (verdict,) = verdicts(plugin(provider), patience=0.05)
    finally:
        hung.set()
    assert verdict == Verdict(FAILED, "mailer slow", "TimeoutError: its self-test says nothing for 0.05 seconds")


def test_a_self_test_that_exits_ends_only_itself() -> None:
    def check() -> str:
        raise SystemExit(3)

    (verdict,) = verdicts(plugin(Provider("rude", object, check=check)))
    assert (verdict.state, verdict.sentence) == (FAILED, "SystemExit: 3")


def test_no_self_test_is_run_without_its_packages() -> None:
    ran: list[str] = []
    provider = Provider("bare", object, needs=("no_such_package",), check=lambda: ran.append("ran"))
    (verdict,) = verdicts(plugin(provider))
    assert verdict == Verdict(LACKS, "mailer bare", "no_such_package is not installed")
    assert ran == []


def test_modules_are_looked_for_and_not_imported() -> None:
    assert missing_modules(["json", "no_such.inner", "email.no_such", "antigravity"]) == [
        "no_such.inner",
        "email.no_such",
    ]


def test_kinds_in_words() -> None:
    assert [singular(kind) for kind in KINDS] == [
        *("authenticator", "command", "config parser", "executor", "freshness policy", "mailer"),
        *("metrics collector", "notifier", "observer", "state store", "target", "task history"),
        "trigger",
    ]
    assert [short_name(name) for name in ("notifiers.pager", "pager", "my.pager")] == ["pager", "pager", "my.pager"]


# --- help ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["luigi", "kernel run"])
def test_help_all_shows_settings_of_plugins(shell: Any, command: str) -> None:
    install(shell, "notifiers.pager", "pager", PAGER)
    install(shell, "broken", "broken", "1 / 0\n")
    ended = shell.luigi("--help-all") if command == "luigi" else shell.kernel("run", "--help-all")
    words = " ".join(ended.out.split())
    assert ended.code == 0, ended.err
    assert "[beeper] to a pager number=str whom to call (secret; required)" in words
    assert "broken: plugin broken cannot be loaded: ZeroDivisionError" in words


def test_help_shows_none(shell: Any) -> None:
    install(shell, "notifiers.pager", "pager", PAGER)
    assert "beeper" not in shell.luigi("--help").out
