"""`kernel plan`: what it says, its exit codes, and that it touches nothing."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

SHOP = """
import luigi


class Feed(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("feed.txt")


class Orders(luigi.Task):
    day = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/orders-{self.day}.txt")

    def run(self):
        with self.output().open("w") as file:
            file.write("3 apples")


class Invoice(luigi.Task):
    day = luigi.IntParameter()
    freshness = "inputs"

    def requires(self):
        return Orders(self.day)

    def output(self):
        return [luigi.LocalTarget(f"out/invoice-{self.day}.{kind}") for kind in ("txt", "pdf")]

    def run(self):
        for target in self.output():
            with target.open("w") as file:
                file.write("paid")


class All(luigi.WrapperTask):
    days = luigi.IntParameter(default=2)

    def requires(self):
        return [Invoice(day) for day in range(self.days)]


class Yields(luigi.Task):
    def output(self):
        return luigi.LocalTarget("yields.txt")

    def run(self):
        yield Orders(1)


class Report(luigi.Task):
    def requires(self):
        return [All(), Feed(), Strange()]

    def output(self):
        return luigi.LocalTarget("report.txt")


class Strange(luigi.Task):
    def complete(self):
        return False


class Off(luigi.Task):
    disabled = True

    def output(self):
        return luigi.LocalTarget("off")


class NeedsOff(luigi.Task):
    def requires(self):
        return Off()

    def complete(self):
        return False


class Broken(luigi.Task):
    key = luigi.Parameter(default="hush-hush", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def complete(self):
        raise ValueError(f"no answer\\nwith {self.key}")


class NeedsBroken(luigi.Task):
    def requires(self):
        return Broken()

    def output(self):
        return luigi.LocalTarget("never")


class Secret(luigi.Task):
    key = luigi.Parameter(visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def output(self):
        return luigi.LocalTarget(f"out/{self.key}.txt")


class Ring(luigi.Task):
    n = luigi.IntParameter(default=0)

    def requires(self):
        return Ring(1 - self.n)

    def complete(self):
        return False
"""


@pytest.fixture
def shop(shell: Any) -> Any:
    shell.write("shop.py", SHOP)
    return shell


def plan(shell: Any, *args: str) -> Any:
    """The plan as its JSON has it, and the exit code."""
    ended = shell.kernel("plan", *args, "--json")
    assert ended.out, ended.err
    return json.loads(ended.out), ended.code


def standing(found: Any) -> dict[str, str]:
    return {task["name"]: task["status"] for task in found["tasks"]}


def test_what_would_run_and_why(shop: Any) -> None:
    ended = shop.kernel("plan", "shop:All")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        "would run:",
        "  Orders(day=0)   output out/orders-0.txt is missing",
        "  Orders(day=1)   output out/orders-1.txt is missing",
        "  Invoice(day=0)  outputs out/invoice-0.txt, out/invoice-0.pdf are missing",
        "  Invoice(day=1)  outputs out/invoice-1.txt, out/invoice-1.pdf are missing",
        "  All(days=2)     something it requires is not complete",
        "",
        "family   run",
        "All        1",
        "Invoice    2",
        "Orders     2",
        "",
        "5 would run",
    ]


def test_what_is_required_while_a_task_runs_is_not_in_it_and_that_is_said(shop: Any) -> None:
    ended = shop.kernel("plan", "shop:Yields")
    assert ended.out.splitlines()[-1] == "not in the plan, as it is not known before: what run() of Yields yields"
    found, _ = plan(shop, "shop:Yields")
    assert [task["dynamic"] for task in found["tasks"]] == [True]


def test_nothing_to_do(shop: Any) -> None:
    assert shop.kernel("run", "shop:All").code == 0
    ended = shop.kernel("plan", "shop:All")
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "nothing to do: 1 complete")
    found, code = plan(shop, "shop:All")
    assert (found["nothing_to_do"], code) == (True, 0)


def test_only_what_is_missing_is_named(shop: Any) -> None:
    shop.kernel("run", "shop:All")
    os.remove(shop.directory / "out/invoice-1.pdf")
    found, code = plan(shop, "shop:All")
    assert code == 1
    (invoice,) = [task for task in found["tasks"] if task["name"] == "Invoice(day=1)"]
    assert invoice["missing_outputs"] == ["out/invoice-1.pdf"]
    assert invoice["why"] == "output out/invoice-1.pdf is missing"
    assert standing(found)["Invoice(day=0)"] == standing(found)["Orders(day=1)"] == "complete"


def test_what_is_blocked_external_and_missing(shop: Any) -> None:
    found, code = plan(shop, "shop:Report")
    assert code == 1
    by_name = {task["name"]: task for task in found["tasks"]}
    assert by_name["Feed()"]["status"] == "missing"
    assert by_name["Feed()"]["why"] == "output feed.txt is missing, and nothing here makes it"
    assert by_name["Report()"]["status"] == "blocked"
    assert by_name["Report()"]["why"] == "by Feed()"
    assert by_name["Report()"]["blocked_by"] == [by_name["Feed()"]["task_id"]] == [by_name["Report()"]["cause"]]
    assert by_name["Strange()"]["why"] == "its complete() says so"
    assert found["counts"] == {"run": 6, "blocked": 1, "missing": 1, "disabled": 0, "broken": 0, "complete": 0}
    assert found["families"]["Invoice"] == {"run": 2}
    assert [task["name"] for task in found["tasks"]][-1] == "Report()"


def test_what_is_disabled(shop: Any) -> None:
    found, code = plan(shop, "shop:NeedsOff")
    assert (standing(found), code) == ({"Off()": "disabled", "NeedsOff()": "blocked"}, 1)


def test_a_check_that_raises_is_an_error_without_secrets(shop: Any) -> None:
    ended = shop.kernel("plan", "shop:NeedsBroken")
    assert ended.code == 2
    assert "cannot be checked:\n  Broken(key=***)  complete() raised ValueError: no answer with ***\n" in ended.out
    found, code = plan(shop, "shop:NeedsBroken")
    assert (standing(found), code) == ({"Broken(key=***)": "broken", "NeedsBroken()": "blocked"}, 2)
    assert "hush" not in ended.out + ended.err + json.dumps(found)


def test_a_private_value_in_a_path_is_not_shown(shop: Any) -> None:
    shown = shop.kernel("plan", "shop:Secret", "--key", "hush-hush")
    assert "out/***.txt" in shown.out
    assert "hush" not in shown.out + shop.kernel("plan", "shop:Secret", "--key", "hush-hush", "--json").out


def test_as_a_tree(shop: Any) -> None:
    shop.kernel("run", "shop:Orders", "--day", "0")
    ended = shop.kernel("plan", "--tree", "shop:Report")
    assert ended.out.splitlines()[:9] == [
        "blocked   Report()  by Feed()",
        "run         All(days=2)  something it requires is not complete",
        "run           Invoice(day=0)  outputs out/invoice-0.txt, out/invoice-0.pdf are missing",
        "complete        Orders(day=0)",
        "run           Invoice(day=1)  outputs out/invoice-1.txt, out/invoice-1.pdf are missing",
        "run             Orders(day=1)  output out/orders-1.txt is missing",
        "missing     Feed()  output feed.txt is missing, and nothing here makes it",
        "run         Strange()  its complete() says so",
        "",
    ]


def test_a_long_list_is_cut_unless_all_is_asked_for(shop: Any) -> None:
    ended = shop.kernel("plan", "shop:All", "--days", "100")
    assert "  … and 151 more (--all)\n" in ended.out
    assert len(ended.out.splitlines()) < 70
    assert len(shop.kernel("plan", "--all", "shop:All", "--days", "100").out.splitlines()) > 200
    tree = shop.kernel("plan", "shop:All", "--days", "100", "--tree").out.splitlines()
    assert "  … and 151 more (--all)" in tree


def test_what_is_forced_and_what_is_stale_say_so(shop: Any) -> None:
    shop.kernel("run", "shop:All")
    found, code = plan(shop, "shop:All", "--force", "Orders(day=1)")
    assert code == 1
    by_name = {task["name"]: task for task in found["tasks"]}
    assert by_name["Orders(day=1)"]["again"] == {"kind": "forced", "by": "--force Orders(day=1)"}
    assert by_name["Invoice(day=1)"]["again"] == {"kind": "stale", "by": "inputs"}
    assert by_name["Invoice(day=1)"]["why"] == "Orders(day=1) is made anew"
    assert standing(found)["All(days=2)"] == "complete"
    os.utime(shop.directory / "out/orders-0.txt", (2e9, 2e9))
    out = shop.kernel("plan", "shop:All").out
    assert "  Invoice(day=0)  input out/orders-0.txt is newer than out/invoice-0." in out


@pytest.mark.parametrize(
    "forced",
    [[], ["--force", "Orders(day=1)"], ["--force-upstream=Invoice(day=0)"], ["--force-downstream", "Orders(day=1)"]],
)
def test_a_run_does_what_the_plan_says(shop: Any, forced: list[str]) -> None:
    shop.kernel("run", "shop:All")
    os.remove(shop.directory / "out/invoice-0.txt")
    planned = shop.kernel("plan", "shop:All", *forced)
    count = planned.out.splitlines()[-1].partition(" ")[0]
    ended = shop.kernel("run", "shop:All", *forced)
    assert ended.code == 0
    assert f"* {count} ran successfully:" in ended.err
    assert shop.kernel("plan", "shop:All").code == 0


def test_a_dry_run_is_the_plan(shop: Any) -> None:
    planned = shop.kernel("plan", "shop:All", "--days", "3", "--force", "Orders")
    dry = shop.kernel("run", "--dry-run", "shop:All", "--days", "3", "--force", "Orders")
    assert (dry.out, dry.code) == (planned.out, planned.code)
    assert not (shop.directory / "out").exists()


def test_configured_runs_and_luigis_way_of_naming(shop: Any) -> None:
    shop.write("luigi.cfg", "[run.nightly]\nmodule = shop\ntask = All\ndays = 1\n")
    expected = shop.kernel("plan", "shop:All", "--days", "1").out
    assert shop.kernel("plan", "nightly").out == expected
    assert shop.kernel("plan", "--module", "shop", "All", "--days=1").out == expected
    assert shop.kernel("plan", "nightly", "--json").code == 1


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "no task is named"),
        (["shop:Al"], "No task 'Al' is known."),
        (["nowhere:All"], "there is no module 'nowhere'"),
        (["shop:All", "--dyas", "3"], "unknown flag --dyas"),
        (["shop:All", "--days", "many"], "parameter days: 'many'"),
        (["shop:Orders"], "Orders: requires the 'day' parameter to be set"),
        (["shop:All", "--force", "Ordres"], "no task is meant by 'Ordres'"),
        (
            ["shop:Report", "--force", "Feed"],
            "'Feed' means only tasks that no run makes, such as Feed(), which is external",
        ),
        (["shop:All", "--json", "--tree"], "argument --tree: not allowed with argument --json"),
        (["shop:Ring"], "tasks require each other in a circle: Ring(n=0) -> Ring(n=1) -> Ring(n=0)"),
    ],
)
def test_an_error_has_a_code_of_its_own(shop: Any, args: list[str], sentence: str) -> None:
    ended = shop.kernel("plan", *args)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"error: {sentence}")
    assert "Traceback" not in ended.err


def test_a_mistake_in_the_configuration_is_an_error(shop: Any) -> None:
    shop.write("luigi.cfg", "[core]\nworkerz = 3\n")
    ended = shop.kernel("plan", "shop:All")
    assert (ended.code, "no option workerz" in ended.err) == (2, True)


def test_a_program_that_raises_is_an_error_with_its_traceback(shop: Any) -> None:
    shop.write(
        "bad.py", "import luigi\n\nclass Bad(luigi.Task):\n    def __init__(self):\n        raise OSError('no')\n"
    )
    ended = shop.kernel("plan", "bad:Bad")
    assert (ended.code, "OSError: no" in ended.err) == (2, True)


def test_it_calls_no_scheduler_and_writes_nothing(shop: Any) -> None:
    away = "[core]\nscheduler_url = http://localhost:9\nrpc_retry_attempts = 1\n"
    shop.write("luigi.cfg", f"{away}[freshness]\nOrders = code\n")
    shop.environ["HOME"] = shop.environ["XDG_STATE_HOME"] = shop.environ["TMPDIR"] = str(shop.directory)
    shop.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    ended = shop.kernel("run", "shop:All", "--local-scheduler", "--no-lock")
    assert ended.code == 0, ended.err
    os.remove(shop.directory / "out/invoice-0.txt")
    before = facts(shop)
    for args in ([], ["--json"], ["--tree"], ["--force", "Orders"]):
        ended = shop.kernel("plan", "shop:All", *args)
        assert (ended.code, ended.err) == (1, "")
        assert shop.kernel("run", "shop:All", "--dry-run").code == 1
    assert facts(shop) == before


WATCHED = """
import os, sys

def watch(event, args):
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    changes = event.startswith(("os.mkdir", "os.re", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.utime"))
    if writes or changes or event.startswith(("socket.connect", "socket.bind", "subprocess", "os.exec", "os.fork")):
        print("TOUCHED", event, args[:2], file=sys.stderr)

sys.addaudithook(watch)
sys.argv[0] = "kernel"
from luigi.cli import main
sys.exit(main())
"""


def test_the_interpreter_saw_it_touch_nothing(shop: Any) -> None:
    shop.write("luigi.cfg", "[freshness]\nstore = sqlite:///prints.db\n*s = code, parameters, max_age=1d\n")
    shop.write("watched.py", WATCHED)
    shop.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    ran = shop.python("watched.py", "run", "shop:All", "--no-lock")
    assert "TOUCHED open" in ran.err, "the watch works"
    os.remove(shop.directory / "out/invoice-0.txt")
    for args in ((), ("--json",), ("--force-downstream", "Orders")):
        ended = shop.python("watched.py", "plan", "shop:All", *args)
        assert (ended.code, ended.err) == (1, "")


OBSERVER = """
import luigi
from luigi.hookspecs import Provider


class Loud:
    def __init__(self):
        print("MADE")


@luigi.hookimpl
def luigi_observers():
    yield Provider("loud", Loud, "tells everybody")


@luigi.hookimpl(wrapper=True)
def luigi_is_complete(task):
    return (yield) or task.task_family == "Orders"
"""


def test_plugins_take_part_in_checks_and_observers_are_not_even_made(shop: Any) -> None:
    shop.write("loud.py", OBSERVER)
    shop.write("luigi.cfg", "[core]\nplugins = loud\nobservers = loud\n")
    found, _ = plan(shop, "shop:Invoice", "--day", "0")
    assert standing(found) == {"Invoice(day=0)": "run", "Orders(day=0)": "complete"}
    assert "MADE" in shop.kernel("run", "shop:Orders", "--day", "0", "--no-lock").out


def facts(shop: Any) -> dict[str, tuple[int, float]]:
    """Size and time of every file and folder."""
    found = [shop.directory, *shop.directory.rglob("*")]
    return {str(path): (path.stat().st_size, path.stat().st_mtime) for path in found}


def test_its_help_says_its_codes_and_an_example(shop: Any) -> None:
    out = shop.kernel("plan", "--help").out
    assert out.startswith("usage: kernel plan [OPTION ...] TASK")
    for said in ("--force-downstream PATTERN", "exit codes: 0 nothing to do, 1 something to do, 2", "example:"):
        assert said in out
