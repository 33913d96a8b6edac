"""The history as pages: Luigi's paths, what they say, and that nothing that is in the history does anything there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from falcon.testing import Result, TestClient

from luigi.configuration import get_config
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.telling import AttemptEnded, AttemptStarted, RunBegan, RunEnded, TaskFacts, TaskScheduled
from luigi.testing import FakeClock, Recorder

LOAD = TaskFacts("Load_1", "Load", {"day": "2024-05-01", "n": "7"}, worker_running="w", token=1)
HOSTILE = "<script>alert('x')</script>\"'&"
PAGES = (
    "/history",
    "/history/by_id/1",
    "/history/by_name/Load",
    "/history/by_params/Load",
    "/history/by_task_id/Load_1",
    "/history/attempts/1",
    "/history/runs",
    "/history/runs/1",
    "/tasklist",
    "/tasklist/Load",
)

Options = Callable[[str, str, str], None]


class Page(HTMLParser):
    """What a browser finds on a page."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(result.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture
def options() -> Iterator[Options]:
    """Sets options."""
    yield get_config().set
    get_config().remove_section("task_history")
    get_config().remove_section("scheduler")


@pytest.fixture
def history(options: Options, tmp_path: Path, clock: FakeClock) -> Iterator[SqlHistory]:
    """The history that the server shows."""
    address = f"sqlite:///{tmp_path}/history.db"
    options("scheduler", "record_task_history", "true")
    options("task_history", "db_connection", address)
    with closing(SqlHistory(address)) as history:
        yield history


@pytest.fixture
def client(history: SqlHistory, client_of: Callable[..., TestClient]) -> TestClient:
    return client_of()


@pytest.fixture
def one_run(history: SqlHistory, clock: FakeClock) -> None:
    """A run with a task that failed, and another that waits."""
    now = clock.now()
    history.record(
        [
            RunBegan("w", now - 100, "a.host", "ann", "luigi Load --day 2024-05-01", "c0ffee", ("Load_1",)),
            TaskScheduled(LOAD, now - 90),
            AttemptStarted(LOAD, now - 80, "a.host"),
            AttemptEnded(LOAD, now - 75, False, "Traceback (most recent call last):\nValueError: no Mondays"),
            TaskScheduled(LOAD._replace(id="Clean_1", family="Clean", params={}), now - 60),
            RunEnded("w", now - 10, "FAILED"),
        ]
    )


def get(client: TestClient, path: str, status: int = 200, **options: Any) -> Page:
    result = client.simulate_get(path, **options)
    assert result.status_code == status, result.text
    assert result.headers["content-type"] == "text/html; charset=utf-8"
    return Page(result)


# --- what they say ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("one_run")
def test_the_first_page_has_the_last_day_the_latest_first(client: TestClient) -> None:
    page = get(client, "/history")
    assert page.text.index("Clean") < page.text.index("Load")
    for words in ("FAILED", "PENDING", "5.00 s", "day=2024-05-01, n=7", "a.host"):
        assert words in page.text


@pytest.mark.usefixtures("one_run")
def test_what_is_older_is_not_on_it(client: TestClient, clock: FakeClock) -> None:
    clock.advance(24 * 3600 - 70)
    assert "Load" not in get(client, "/history").text
    clock.advance(3600)
    assert "Nothing happened" in get(client, "/history").text


@pytest.mark.usefixtures("one_run")
@pytest.mark.parametrize("path", ["/history/by_id/1", "/history/by_task_id/Load_1", "/history/by_task_id/Load_1/"])
def test_a_task_has_its_parameters_host_times_and_error(client: TestClient, path: str) -> None:
    page = get(client, path)
    for words in (
        "Load_1",
        "a.host",
        "day 2024-05-01",
        "n 7",
        "FAILED",
        "RUNNING",
        "PENDING",
        "ValueError: no Mondays",
    ):
        assert words in page.text
    assert any(link.endswith("history/by_name/Load") for link in page.links)


@pytest.mark.usefixtures("one_run")
def test_a_family_s_tasks(client: TestClient) -> None:
    assert "Clean" not in get(client, "/history/by_name/Load").text
    assert "no such task" in get(client, "/history/by_name/load").text


@pytest.mark.usefixtures("one_run")
@pytest.mark.parametrize(
    ("data", "found"),
    [({"n": "7"}, True), ({"n": 7}, True), ({"day": "2024-05-01", "n": "7"}, True), ({"n": "8"}, False), ({}, True)],
)
def test_a_family_s_tasks_by_parameters(client: TestClient, data: dict[str, Any], found: bool) -> None:
    page = get(client, "/history/by_params/Load", params={"data": json.dumps(data)})
    assert ("day=2024-05-01" in page.text) is found


@pytest.mark.parametrize(
    "data", ["nonsense", "[1]", '"text"', '{"a": [1]}', '{"a": null}', "{", "[" * 100_000, '{"a": {"b": "c"}}']
)
def test_parameters_that_are_none_are_refused_in_words(client: TestClient, data: str) -> None:
    page = get(client, "/history/by_params/Load", 400, params={"data": data})
    assert "data is a JSON object of texts" in page.text


@pytest.mark.usefixtures("one_run")
def test_runs_and_attempts(client: TestClient) -> None:
    runs = get(client, "/history/runs")
    assert "luigi Load --day 2024-05-01" in runs.text
    assert "1 min 30 s" in runs.text
    run = get(client, "/history/runs/1")
    for words in ("FAILED", "ann", "a.host", "c0ffee", "luigi Load --day 2024-05-01", "1 FAILED", "no Mondays"):
        assert words in run.text
    attempt = get(client, "/history/attempts/1")
    assert "Traceback (most recent call last): ValueError: no Mondays" in attempt.text


@pytest.mark.usefixtures("one_run")
def test_families_and_how_long_they_took(client: TestClient) -> None:
    assert "Clean 1" in get(client, "/tasklist").text
    page = get(client, "/tasklist/Load")
    assert "5.00 s" in page.text
    assert "meter" in page.tags


@pytest.mark.parametrize(
    "path",
    [
        "/history/by_id/99",
        "/history/by_id/x",
        "/history/by_id/-1",
        "/history/by_id/" + "9" * 400,
        "/history/by_task_id/none",
        "/history/by_task_id/%00",
        "/history/attempts/99",
        "/history/attempts/x",
        "/history/runs/99",
        "/history/runs/x",
    ],
)
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert "the history has no" in get(client, path, 404).text


# --- from page to page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/history", "/history/by_name/Load", "/history/by_params/Load", "/tasklist/Load"])
def test_page_by_page(client: TestClient, history: SqlHistory, clock: FakeClock, path: str) -> None:
    now = clock.now() - 1000
    history.record([TaskScheduled(LOAD._replace(id=f"L{n}", params={"n": f"n{n}n"}), now + n) for n in range(250)])
    seen: list[str] = []
    there, pages = path, 0
    while there:
        result = client.simulate_get(there)
        page, pages = Page(result), pages + 1
        seen += [word for word in page.text.replace("n=", " ").split() if word.startswith("n") and word.endswith("n")]
        older = [link for link in page.links if "after=" in link]
        there = urljoin(there, older[0]) if older else ""
    assert [word for word in seen if word[1:-1].isdigit()] == [f"n{n}n" for n in range(249, -1, -1)]
    assert pages == 3
    assert any(urljoin(path, link).rstrip("?") == path for link in page.links)


def test_the_parameters_go_with_the_pages(client: TestClient, history: SqlHistory) -> None:
    history.record([TaskScheduled(LOAD._replace(id=f"L{n}"), 1.7e9) for n in range(101)])
    page = get(client, '/history/by_params/Load?data={"n": "7"}&evil=1')
    (older,) = (link for link in page.links if "after=" in link)
    assert "evil" not in older
    assert get(client, f"/history/by_params/Load{older}").text.count("day=2024") == 1


@pytest.mark.parametrize("path", ["/history", "/history/by_name/Load", "/history/runs"])
def test_a_page_that_begins_nowhere_is_refused(client: TestClient, path: str) -> None:
    assert "is not where a page ended" in get(client, f"{path}?after=nonsense", 404).text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("one_run")
def test_every_link_of_a_page_leads_somewhere(client: TestClient, path: str) -> None:
    for link in get(client, path).links:
        there = urlsplit(urljoin(f"http://host/luigi{path}", link))
        assert there.netloc == "host"
        assert there.path.startswith("/luigi/")
        result = client.simulate_get(there.path.removeprefix("/luigi"), query_string=there.query)
        assert result.status_code in (200, 302), link


# --- hostile ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(history: SqlHistory, clock: FakeClock) -> str:
    """A history full of it; gives the id of the task."""
    task = TaskFacts(
        HOSTILE, HOSTILE, {HOSTILE: HOSTILE, "url": "javascript:alert(1)"}, worker_running=HOSTILE, token=1
    )
    at = clock.now() - 50
    history.record(
        [
            RunBegan(HOSTILE, at, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE, "../../x", "javascript:alert(1)")),
            TaskScheduled(task, at),
            AttemptStarted(task, at, HOSTILE),
            AttemptEnded(task, at + 1, False, HOSTILE),
            RunEnded(HOSTILE, at + 2, HOSTILE),
        ]
    )
    return HOSTILE


@pytest.mark.parametrize("path", [*PAGES[:2], *PAGES[5:9], *("/history/by_name/{}", "/history/by_params/{}")])
def test_whatever_is_in_the_history_is_inert(client: TestClient, hostile: str, path: str) -> None:
    page = get(client, path.format(quote(hostile, safe="")))
    assert hostile.split("(")[0] in page.text
    assert not page.tags & {"script", "style", "iframe", "img", "object"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    assert all(urlsplit(link).scheme == "" for link in page.links)


def test_strange_names_are_found_by_their_links(client: TestClient, history: SqlHistory) -> None:
    for number, name in enumerate(["a/b", "a b", "ä日", "%2F", "?x=1", "#y", HOSTILE], 1):
        history.record([TaskScheduled(LOAD._replace(id=f"{name}_id", family=name, params={"p": name}), 1.7e9)])
        links = get(client, f"/history/by_id/{number}").links
        (by_name,) = (link for link in links if "/by_name/" in link)
        (by_params,) = (link for link in links if "/by_params/" in link)
        assert unquote(by_name.rpartition("/")[2]) == name
        for link in (by_name, by_params):
            there = urlsplit(urljoin(f"http://h/history/by_id/{number}", link))
            found = client.simulate_get(there.path, query_string=there.query)
            assert f"by_id/{number}" in found.text


def test_what_pages_do_not_show_is_not_shown(client: TestClient, history: SqlHistory, clock: FakeClock) -> None:
    task = LOAD._replace(params={"day": "1", "hidden_one": "swordfish"}, hidden=("hidden_one",))
    history.record([AttemptStarted(task, clock.now() - 5), AttemptEnded(task, clock.now() - 4, True)])
    for path in PAGES[:5] + PAGES[8:]:
        text = client.simulate_get(path).text
        assert "swordfish" not in text
        assert "hidden_one" not in text


def test_pages_are_bounded(client: TestClient, history: SqlHistory, clock: FakeClock) -> None:
    tasks = [
        LOAD._replace(id=f"L{n}" * 50, params={f"p{k}": "x" * 60_000 for k in range(5)}, token=n) for n in range(150)
    ]
    history.record([AttemptStarted(one, clock.now() - 5) for one in tasks])
    history.record([AttemptEnded(one, clock.now() - 4, False, "e" * 50_000) for one in tasks])
    for path in ("/history", "/history/by_name/Load", "/tasklist/Load", "/history/runs"):
        assert len(client.simulate_get(path).content) < 256 * 1024


# --- without a history, or when it is away ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_without_a_history_pages_say_how_to_have_one(app_client: TestClient, path: str) -> None:
    page = get(app_client, path)
    assert "record_task_history = true" in page.text
    assert "db_connection" in page.text


def test_one_that_is_only_written_to_is_said_to_be(options: Options, client_of: Callable[..., TestClient]) -> None:
    options("scheduler", "record_task_history", "true")
    options("task_history", "kind", "memory")
    page = get(client_of(plugins=(Recorder(),)), "/history", 404)
    assert "cannot be read" in page.text
    assert "[task_history] kind names one that is only written to" in page.text
    assert "record_task_history" not in page.text


def test_while_it_is_away_pages_say_so(client: TestClient, history: SqlHistory, tmp_path: Path) -> None:
    assert get(client, "/history/runs")
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        connection.executescript("ALTER TABLE runs RENAME TO gone")
    result = client.simulate_get("/history/runs")
    assert (result.status_code, result.headers["retry-after"]) == (503, "5")
    assert "cannot be read at the moment" in Page(result).text
    assert "gone" not in result.text
    assert str(tmp_path) not in result.text
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        connection.executescript("ALTER TABLE gone RENAME TO runs")
    assert get(client, "/history/runs")


def test_an_address_that_is_wrong_is_told_to_the_log_alone(
    options: Options, client_of: Callable[..., TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    options("scheduler", "record_task_history", "true")
    options("task_history", "db_connection", "nonsense hunter2")
    result = client_of().simulate_get("/history")
    assert result.status_code == 503
    assert "hunter2" not in result.text + caplog.text
    assert "db_connection" in caplog.text
