"""`kernel config show | check | init`, in folders with files of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

SHOP = """
import luigi
from luigi.parameter import ParameterVisibility

class Orders(luigi.Task):
    day = luigi.DateParameter(default=None)
    shelf = luigi.IntParameter(default=3, description="which shelf")
    pin = luigi.Parameter(default="", visibility=ParameterVisibility.PRIVATE)
"""

CFG = """\
[DEFAULT]
base = s3cr3t-default

[core]
log_level = WARNING
scheduler_url = https://me:s3cr3t-url@example.com/
workres = s3cr3t-slip

[smtp]
password = s3cr3t-smtp
host = mail.example.com

[Orders]
shelf = ${SHELF}
pin = s3cr3t-pin

[Mine]
anything = s3cr3t-mine

[s3]
aws_secret_access_key = s3cr3t-s3
region = eu

[resources]
database = 4

[run.first]
module = shop
task = Orders
pin = s3cr3t-run
shelf = 7
workers = 2
Orders.pin = s3cr3t-class

[beeper]
number = s3cr3t-beeper
tries = 2
"""

PAGER = '''
"""Notices to a pager."""
from dataclasses import dataclass
import luigi
from luigi.hookspecs import Provider
from luigi.plugin_settings import setting

@dataclass(frozen=True)
class Settings:
    number: str = setting(help="whom to call", secret=True)
    tries: int = setting(3, help="how often")

@luigi.hookimpl
def luigi_notifiers():
    yield Provider("pager", object, "to a pager", settings=Settings, section="beeper")
'''


TOML = """\
[core]
workers = 2
[run.first]
module = "shop"
task = "Orders"
pin = "s3cr3t-run"
[logging]
version = 1
[logging.handlers.mail]
host = "mail"
password = "s3cr3t-mail"
"""

WRONG = """\
[core]
workres = 2
plugins = pager
[beeper]
tires = 4
[Orders]
shelf = top
day_ = 1
"""


@pytest.fixture
def folder(shell: Any) -> Any:
    """A shell in a folder with a program and its configuration."""
    shell.write("shop.py", SHOP)
    shell.write("pager.py", PAGER)
    shell.write("luigi.cfg", f"{CFG}\n[worker]\ntimeout = 10\n")
    return shell


def values(ended: Any) -> dict[tuple[str, str], Any]:
    """What a document says, by section and option."""
    told = json.loads(ended.out)
    assert told["version"] == 1
    return {(one["section"], one["option"]): one for one in told["values"]}


def test_values_are_shown_with_their_places(folder: Any) -> None:
    folder.environ["SHELF"] = "12"
    ended = folder.kernel("config", "show", "--origin", "--module", "shop")
    assert ended.code == 0
    assert "log_level = WARNING                           # luigi.cfg:5\n" in ended.out
    assert "shelf = 12                                    # luigi.cfg:14 (with $SHELF)\n" in ended.out
    assert "scheduler_url = https://me:***@example.com/" in ended.out


def test_no_secret_is_shown(folder: Any) -> None:
    for argv in (["--module", "shop"], [], ["--json"], ["--defaults"], ["--origin", "run", "Orders", "Mine", "smtp"]):
        ended = folder.kernel("config", "show", *argv)
        assert ended.code == 0, ended.err
        assert "s3cr3t" not in ended.out + ended.err


def test_what_nobody_knows_is_hidden_until_somebody_does(folder: Any) -> None:
    folder.environ["SHELF"] = "12"
    unknown = folder.kernel("config", "show", "--json")
    found = values(unknown)
    assert "[Orders]" in unknown.err
    assert [found["Orders", "shelf"][key] for key in ("value", "hidden")] == ["***", "unknown"]
    assert found["run.first", "shelf"]["hidden"] == "unknown"
    known = values(folder.kernel("config", "show", "--json", "--module", "shop"))
    assert [known["Orders", "shelf"][key] for key in ("value", "hidden")] == ["12", None]
    assert known["Orders", "pin"]["hidden"] == "private"
    assert [known["run.first", option]["value"] for option in ("shelf", "workers", "pin", "Orders.pin")] == [
        *("7", "2", "***", "***")
    ]
    for of_all in (found, known):
        assert of_all["Mine", "anything"]["hidden"] == "unknown"
        assert of_all["core", "workres"]["hidden"] == "unknown"
        assert of_all["s3", "aws_secret_access_key"]["hidden"] == "private"
        assert of_all["s3", "region"]["value"] == "eu"
        assert of_all["resources", "database"]["value"] == "4"


def test_settings_of_plugins_are_known(folder: Any) -> None:
    folder.write("luigi.cfg", "[core]\nplugins = pager\n[beeper]\nnumber = s3cr3t-beeper\ntries = 2\n")
    found = values(folder.kernel("config", "show", "--json", "beeper"))
    assert {option: one["value"] for (_, option), one in found.items()} == {"number": "***", "tries": "2"}
    assert found["beeper", "tries"]["origin"] == {"kind": "file", "place": "luigi.cfg", "line": 5}


def test_sections_are_chosen(folder: Any) -> None:
    ended = folder.kernel("config", "show", "worker", "resources")
    assert ended.out == "[resources]\ndatabase = 4\n\n[worker]\ntimeout = 10\n"
    missing = folder.kernel("config", "show", "wroker")
    assert (missing.code, missing.err) == (1, "error: there is no section [wroker]\nhint: did you mean worker?\n")


def test_defaults_are_shown_on_demand(folder: Any) -> None:
    ended = folder.kernel("config", "show", "worker", "--defaults")
    assert "timeout = 10                                  # luigi.cfg:40\n" in ended.out
    assert "ping_interval = 1.0                           # default\n" in ended.out


def test_a_variable_that_is_not_set_is_said_without_the_value(folder: Any) -> None:
    folder.write("luigi.cfg", "[email]\nsender = s3cr3t-${NO_SUCH_VARIABLE}\n")
    ended = folder.kernel("config", "show")
    assert ended.code == 0
    assert "sender =                                      # refers to something that is not there" in ended.out
    assert "s3cr3t" not in ended.out


def test_toml_is_shown_table_by_table(folder: Any) -> None:
    (folder.directory / "luigi.cfg").unlink()
    folder.write("luigi.toml", TOML)
    ended = folder.kernel("config", "show", "--json", "--module", "shop")
    assert "s3cr3t" not in ended.out
    found = values(ended)
    assert found["core", "workers"]["value"] == "2"
    assert found["run.first", "task"]["value"] == "Orders"
    assert found["run.first", "pin"]["hidden"] == "private"
    assert found["logging.handlers.mail", "host"]["value"] == "mail"
    assert found["logging.handlers.mail", "password"]["hidden"] == "private"


# --- check ---------------------------------------------------------------------------------------------------------


def test_mistakes_are_told_with_their_places(folder: Any) -> None:
    folder.write(
        "luigi.cfg", "[core]\nworkres = 2\nplugins = pager\n[beeper]\ntires = 4\n[Orders]\nshelf = top\nday_ = 1\n"
    )
    ended = folder.kernel("config", "check", "--module", "shop")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "error: luigi.cfg:2: [core] has no option workres (did you mean workers?)",
        "error: parameter shelf: 'top' (from luigi.cfg:7 [Orders] shelf) is not an integer",
        "error: luigi.cfg:8: [Orders] day_: the task Orders has no parameter day_ (did you mean day?)",
        "error: luigi.cfg:5: [beeper] has no option tires (did you mean tries?)",
    ]
    assert ended.err.endswith("luigi.cfg: 4 mistakes, 0 doubts\n")


def test_doubts_are_mistakes_when_asked_for(folder: Any) -> None:
    folder.write("luigi.cfg", "[Mine]\nthing = 1\n[workers]\ntimeout = 3\n")
    ended = folder.kernel("config", "check")
    assert ended.code == 0
    assert "warning: luigi.cfg:1: nobody here reads section [Mine]" in ended.out
    assert "warning: luigi.cfg:3: nobody reads section [workers]: did you mean [worker]?" in ended.out
    strict = folder.kernel("config", "check", "--strict", "--json")
    told = json.loads(strict.out)
    assert (strict.code, told["files"], told["mistakes"], len(told["doubts"])) == (1, ["luigi.cfg"], [], 2)


def test_triggers_and_deadlines_are_read(folder: Any) -> None:
    folder.write("luigi.cfg", "[trigger.a]\ntype = cron\ncron = 1 1 * * *\ntask = B\n[deadline.b]\ntask = B\nby = noon")
    ended = folder.kernel("config", "check")
    assert ended.code == 1
    assert "luigi.cfg:4: [trigger.a] task = B does not say where it is defined" in ended.out
    assert "luigi.cfg:7: [deadline.b] by: 'noon' is no cron expression" in ended.out


def test_a_file_that_cannot_be_read_is_a_mistake(folder: Any) -> None:
    folder.write("luigi.cfg", "[core\nworkers = 2\n")
    ended = folder.kernel("config", "check", "--json")
    told = json.loads(ended.out)
    assert ended.code == 1
    assert told["mistakes"][0]["sentence"].startswith("luigi.cfg:1:")


def test_secrets_that_cannot_be_filled_in_are_not_told(folder: Any) -> None:
    text = "[smtp]\npassword = s3cr3t%-one\nhost = a%b\n[Orders]\npin = s3cr3t%two\nshelf = ${NO_SUCH_VARIABLE}\n"
    folder.write("luigi.cfg", text)
    ended = folder.kernel("config", "check", "--module", "shop")
    assert ended.code == 1
    assert "s3cr3t" not in ended.out + ended.err
    assert "luigi.cfg:2: [smtp] password = ***: cannot be filled in" in ended.out
    assert "luigi.cfg:3: [smtp] host = a%b: '%' must be followed" in ended.out
    assert "luigi.cfg:5: [Orders] pin = *** cannot be filled in" in ended.out
    assert "NO_SUCH_VARIABLE, which is not set" in ended.out


def test_no_file_is_fine(folder: Any) -> None:
    (folder.directory / "luigi.cfg").unlink()
    ended = folder.kernel("config", "check")
    assert (ended.code, ended.err) == (0, "no configuration file: 0 mistakes, 0 doubts\n")


# --- init ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "more"), [("luigi.cfg", []), ("luigi.cfg", ["--all"]), ("luigi.toml", ["--all"])])
def test_what_is_written_is_true_when_the_comments_are_taken_away(shell: Any, name: str, more: list[str]) -> None:
    shell.write("shop.py", SHOP)
    assert shell.kernel("config", "init", name, *more, "--module", "shop").code == 0
    text = (shell.directory / name).read_text()
    assert "# run with a scheduler of its own, without a server\n#local_scheduler = " in text
    assert "[run.nightly]" in text
    assert "[ExternalTask]" not in text
    assert "# which shelf\n#shelf = 3\n" in text
    assert "#pin =\n" in text
    assert shell.kernel("config", "show").out == ""
    lines = [line[1:] if line.startswith("#") and line[1:2] not in (" ", "") else line for line in text.splitlines()]
    given = [line for line in lines if not line.endswith(" =")]
    shell.write(name, "\n".join(given))
    ended = shell.kernel("config", "check", "--module", "shop", "--strict")
    assert (ended.code, ended.out) == (0, ""), ended.err


def test_no_file_is_overwritten(folder: Any) -> None:
    before = (folder.directory / "luigi.cfg").read_text()
    ended = folder.kernel("config", "init")
    assert ended.code == 1
    assert ended.err.startswith("error: luigi.cfg is there already\n")
    assert (folder.directory / "luigi.cfg").read_text() == before
    assert folder.kernel("config", "init", "-").out.startswith("# Options stand with their defaults")
    assert folder.kernel("config", "init", "no/such/folder.cfg").code == 1


@pytest.mark.parametrize("argv", [["config"], ["config", "shwo"], ["config", "show", "--nothing"]])
def test_what_cannot_be_read_ends_with_two(folder: Any, argv: list[str]) -> None:
    assert folder.kernel(*argv).code == 2
