"""One secret goes through everything that tells of tasks, and comes out nowhere.

A pipeline whose tasks print, log and fail with a marker is run on a real server and by itself; then everything that was
printed, sent, kept and answered is searched.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from luigi.clock import SYSTEM

KERNEL = str(Path(sys.executable).with_name("kernel"))
MARKER = "sesame4711"
WORD = f"open-{MARKER}"
ODD = f"pä\"ss<'{MARKER}\\&>"
"""One that is written otherwise in JSON, HTML, Python and shells."""

MODULE = '''
import logging
import os
import subprocess
import sys
import time
import luigi

PRIVATE = luigi.parameter.ParameterVisibility.PRIVATE


class Keeps(luigi.Task):
    """Has two secrets, and cannot hold its tongue."""

    name = luigi.Parameter(default="ann")
    password = luigi.SecretParameter()
    keys = luigi.DictParameter(visibility=PRIVATE)
    freshness = ["code", "parameters"]

    def output(self):
        return luigi.LocalTarget(f"out/{type(self).__name__}-{self.name}")

    def tell(self):
        told = f"with {self.password} and {self.keys['inner']} and {self.keys!r}"
        sys.stdout.write(f"printed {told}\\n")  # at once: lines of several streams meet in one terminal
        sys.stderr.write(f"to stderr {told}\\n")
        logging.getLogger("vault").error("logged %s", told)
        subprocess.run(["cat"], input=f"from a program {told}".encode())
        self.set_status_message(f"status {told}")
        self.set_tracking_url(f"http://host/?pw={self.password}")
        return told


class Opens(Keeps):
    def run(self):
        self.tell()
        while not os.path.exists("go"):
            time.sleep(0.05)
        with self.output().open("w") as file:
            file.write("open")


class Breaks(Keeps):
    retry_count = 1

    def run(self):
        told = self.tell()
        try:
            raise KeyError(self.keys["inner"])
        except KeyError as error:
            raise ConnectionError(f"no login {told}") from error


class Unsure(Keeps):
    def complete(self):
        raise ConnectionError(f"cannot look with {self.password} {self.keys['inner']!r}")


class Everything(luigi.Task):
    def requires(self):
        return [Opens(), Breaks(), Unsure()]

    def complete(self):
        return False

    def run(self):
        pass
'''

LISTENS = '''
import luigi
from luigi.hookspecs import Provider


def heard(*what):
    with open("heard.txt", "a") as file:
        print(*what, file=file)


class Hears:
    """A mailer, a notifier and a collector of metrics."""

    def __init__(self, what=""):
        self.what = what

    def send(self, mail):
        heard("mail", mail)

    def notify(self, notice):
        heard("notice", notice.subject, notice.text, notice.facts)

    def handle_task_failed(self, task):
        heard("metrics", task)

    handle_task_started = handle_task_done = handle_task_failed

    def handle_task_disabled(self, task, config):
        heard("metrics", task)

    def handle_task_statistics(self, task, statistics):
        heard("metrics", task, statistics)


@luigi.hookimpl
def luigi_mailers():
    yield Provider("listens_mail", Hears)


@luigi.hookimpl
def luigi_notifiers():
    yield Provider("listens_notice", Hears)


@luigi.hookimpl
def luigi_metrics_collectors():
    yield Provider("listens_metrics", Hears)


@luigi.hookimpl
def luigi_run_started(run, at):
    heard("began", run)


@luigi.hookimpl
def luigi_transition(task_id, family, before, after, why, by, at):
    heard("transition", task_id, before, after, why, by)


@luigi.hookimpl
def luigi_task_event(task_id, family, event, detail, token, at):
    heard("event", task_id, event, detail)


@luigi.hookimpl
def luigi_run_finished(run, at):
    heard("ended", run)
'''

SETTINGS = f"""
[core]
plugins = listens
no_lock = true
[email]
method = listens_mail
force_send = true
receiver = ann@example.org
[scheduler]
metrics_collector = listens_metrics
[task_history]
db_connection = sqlite:///history.db
local_runs = true
[Keeps]
password = {WORD}
keys = {json.dumps({"inner": ODD})}
"""
SERVER = """
[scheduler]
record_task_history = true
metrics_collector = prometheus
[task_history]
db_connection = sqlite:///history.db
"""

ASKED_OF_RUNS = [
    "status", "status --json", "tasks", "tasks --json", "workers", "workers --json", "resources",
    "explain vault:Breaks", "explain vault:Breaks --json",
    "logs vault:Breaks", "logs vault:Breaks --json", "logs vault:Opens",
    "history", "history --json", "history vault:Breaks", "history --runs", "history --run 1",
]  # fmt: skip
"""Every command that tells of what was run, which a server may know."""

ASKED = [
    *ASKED_OF_RUNS,
    "plan vault:Everything", "plan vault:Everything --json", "plan vault:Everything --tree",
    "run vault:Everything --dry-run",
    *(f"graph vault:Everything --status --format {form}" for form in ("text", "dot", "mermaid", "svg", "html", "json")),
    "tasks list --module vault", "tasks show vault:Opens", "tasks show vault:Breaks --json",
    "config show", "config show --origin", "config show Keeps", "config show --json --module vault", "config check",
    "outputs vault:Everything --recursive", "clean vault:Opens", "orphans out vault:Everything",
    "lint vault", "lint vault --json",
    "run vault:Opens --help", "run vault:Opens --help-all", "completion answer zsh run vault:Opens --",
    "plugins check",
]  # fmt: skip
"""Every command that tells of tasks or settings."""


CANNOT_READ = 2
PLANNING = ("plan", "run")
"""They end with 2 where a task cannot be checked."""


class Vault:
    """A folder with the pipeline, and all that was ever said there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, str] = {}
        folder.mkdir()
        for name, text in {"vault.py": MODULE, "listens.py": LISTENS, "luigi.cfg": inherited(SETTINGS)}.items():
            (folder / name).write_text(text)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "PYTEST"))}
        here = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CACHE", "STATE", "CONFIG")}
        self.environ = {**kept, **here, "NO_COLOR": "1"}

    def kernel(self, *words: str) -> None:
        done = subprocess.run(
            [KERNEL, *words], cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=120
        )
        assert done.returncode < CANNOT_READ or words[0] in PLANNING, done.stderr
        assert "Traceback (most recent call last):\n" not in done.stderr
        self.said[" ".join(words)] = done.stdout + done.stderr

    def run(self, *flags: str) -> None:
        """Run the pipeline; meanwhile the list of processes is read."""
        (self.folder / "go").unlink(missing_ok=True)
        log = self.folder / f"printed-{len(self.said)}.txt"
        with log.open("wb") as printed:
            command = [KERNEL, "run", "vault:Everything", "--log-level", "DEBUG", *flags]
            run = subprocess.Popen(command, cwd=self.folder, env=self.environ, stdout=printed, stderr=printed)
        wait_until(lambda: MARK_OF_OPENS in log.read_bytes() or run.poll() is not None)
        self.said[f"processes of run {' '.join(flags)}"] = "\n".join(processes())
        (self.folder / "go").touch()
        run.wait(timeout=120)


MARK_OF_OPENS = b"from a program"
OWN_WORDS = re.compile(rb"(?:printed|to stderr|logged|from a program) with open-\S+ and .*?\\\\&>'\}")


def inherited(settings: str) -> str:
    """The settings, with those of `Keeps` for each class that has its parameters."""
    own = settings.partition("[Keeps]")[2]
    return settings + "".join(f"[{family}]{own}" for family in ("Opens", "Breaks", "Unsure"))


def processes() -> Iterator[str]:
    """The command line of every process of this machine."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has ended


def wait_until(holds: Callable[[], Any]) -> None:
    end = SYSTEM.monotonic() + 60
    while not holds():
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.05)


def fetched(server: Any, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status < 500, (path, text)
    return text


def places(server: Any) -> Iterator[str]:
    """Every address that answers a GET, with each task, run and worker there is in it."""
    listed = json.loads(fetched(server, "/api/v1/tasks"))["tasks"]
    ids = [task["task_id"] for task in listed]
    assert len(ids) == 4
    workers = [worker["worker_id"] for worker in json.loads(fetched(server, "/api/v1/workers"))["workers"]]
    known = {"task_id": ids, "id": workers, "worker_id": workers, "run_id": ["1"], "number": ["1"], "name": ["Breaks"]}
    for path, operations in json.loads(fetched(server, "/api/v1/openapi.json"))["paths"].items():
        names = re.findall(r"\{(\w+)\}", path)
        if "get" in operations and path != "/api/v1/changes":
            values = known.get(names[0], ["1"]) if names else [""]
            yield from (re.sub(r"\{\w+\}", quote(value, safe=""), path) for value in values)
    yield from ("/metrics", "/history", "/history/by_name/Breaks", "/tasklist", "/static/visualiser/index.html")
    yield from (f"/history/by_task_id/{task}" for task in ids)
    yield from (f"/api/task_list?data={quote(json.dumps({'status': status}))}" for status in ("FAILED", "DONE"))
    yield from (f"/api/fetch_error?data={quote(json.dumps({'task_id': task}))}" for task in ids)


def leaks(vault: Vault, root: Path) -> list[str]:
    """Where the marker stands: in what was said, and in any file but those that give it to the tasks."""
    said = [name for name, text in vault.said.items() if MARKER in text]
    files = [path for path in root.rglob("*") if path.is_file() and path.name != "luigi.cfg"]
    return [*said, *(str(path.relative_to(root)) for path in files if MARKER.encode() in without_own_words(path))]


def without_own_words(path: Path) -> bytes:
    """What is in a file. In the terminal of a run what tasks print and log themselves does not count: it is theirs."""
    if not path.name.startswith("printed-"):
        return path.read_bytes()
    return OWN_WORDS.sub(b"", path.read_bytes())


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_by_itself(vault: Vault, tmp_path: Path, workers: str) -> None:
    reports = [word for form in ("json", "junit", "markdown") for word in ("--summary", form, f"summary.{form}")]
    vault.run("--local-scheduler", "--workers", workers, *reports, "--profile=profile.json")
    for words in ASKED if workers == "2" else ():
        vault.kernel(*words.split())
    told = (vault.folder / "heard.txt").read_text()
    assert all(kind in told for kind in ("mail", "event", "transition", "ended")), told
    assert "no login with ***" in told
    assert (vault.folder / "summary.json").exists()
    assert (vault.folder / "out" / "Opens-ann").exists()
    assert leaks(vault, tmp_path) == []


def test_a_log_in_json(vault: Vault, tmp_path: Path) -> None:
    vault.run("--local-scheduler", "--log-format", "json")
    assert leaks(vault, tmp_path) == []


def test_a_run_on_a_server(vault: Vault, tmp_path: Path, start_server: Callable[..., Any]) -> None:
    server = start_server(config=SERVER)
    where = ["--scheduler-url", server.url]
    vault.run(*where, "--workers", "2")
    for place in places(server):
        vault.said[place] = fetched(server, place)
    settings = vault.folder / "luigi.cfg"
    settings.write_text(settings.read_text().replace("[core]", f"[core]\ndefault_scheduler_url = {server.url}"))
    for words in ASKED_OF_RUNS:
        vault.kernel(*words.split())
    assert "no login with ***" in "".join(vault.said.values())
    assert server.stop() == 0
    assert leaks(vault, tmp_path) == []
