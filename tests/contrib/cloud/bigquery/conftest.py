"""Stands in for BigQuery's REST service, for what its emulator lacks: jobs that take time, places, lost answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port

PROJECT = r"/bigquery/v2/projects/(?P<project>[^/]+)"
DATASET = rf"{PROJECT}/datasets/(?P<dataset>[^/]+)"
FOUND_ANYWHERE = ("US", "EU")
"""Where jobs are that are found by whoever does not say where they are."""

INVALID = {"reason": "invalidQuery", "location": "query", "message": "Syntax error at [1:7]"}
BROKEN_LINE = {"reason": "invalid", "message": "Error while reading line 7"}


class BigQuery:
    """Keeps datasets, tables and jobs, and notes what is asked.

    What a job does is in its text: with `fail` it fails, with `forever` it goes on until it is cancelled, else it is
    done when it is looked at the second time.
    """

    url: str

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        """Method and path of every request, and its body."""
        self.datasets: dict[str, dict[str, Any]] = {}
        self.tables: dict[tuple[str, str], dict[str, Any]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.loses_answers = 0
        """How many of the next jobs are begun without an answer."""
        self.holds_answers = 0.0
        """For how many seconds the answer to a job that is begun is held."""
        self.page = 1000
        self.routes: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", rf"{PROJECT}/datasets", self.list_datasets),
            ("POST", rf"{PROJECT}/datasets", self.make_dataset),
            ("GET", DATASET, lambda body, dataset, **_: self.found(self.datasets, dataset)),
            ("DELETE", DATASET, self.delete_dataset),
            ("GET", rf"{DATASET}/tables", self.list_tables),
            ("POST", rf"{DATASET}/tables", self.make_table),
            ("GET", rf"{DATASET}/tables/(?P<table>[^/]+)", self.get_table),
            ("PATCH", rf"{DATASET}/tables/(?P<table>[^/]+)", self.patch_table),
            ("DELETE", rf"{DATASET}/tables/(?P<table>[^/]+)", self.delete_table),
            ("POST", rf"{PROJECT}/jobs", self.begin),
            ("GET", rf"{PROJECT}/jobs/(?P<job>[^/]+)", self.look),
            ("POST", rf"{PROJECT}/jobs/(?P<job>[^/]+)/cancel", self.cancel),
        ]

    def configurations(self) -> list[Any]:
        """What the jobs were told, in the order they came."""
        return [body["configuration"] for what, body in self.asked if re.fullmatch(rf"POST {PROJECT}/jobs", what)]

    # --- what is kept ----------------------------------------------------------------------------------------------

    def found(self, kept: dict[Any, Any], name: Any) -> Any:
        if name not in kept:
            raise FileNotFoundError(f"Not found: {name}")
        return kept[name]

    def paged(self, names: list[Any], query: dict[str, str]) -> tuple[list[Any], dict[str, str]]:
        first = int(query.get("pageToken", 0))
        more = {"nextPageToken": str(first + self.page)} if len(names) > first + self.page else {}
        return names[first : first + self.page], more

    def list_datasets(self, body: Any, project: str, query: dict[str, str]) -> Any:
        names, more = self.paged(sorted(self.datasets), query)
        return {"datasets": [self.datasets[name] for name in names], **more} if names else {}

    def make_dataset(self, body: Any, project: str, **_: Any) -> Any:
        name = body["datasetReference"]["datasetId"]
        if name in self.datasets:
            raise FileExistsError(f"Already Exists: Dataset {name}")
        self.datasets[name] = {"location": "US", **body}
        return self.datasets[name]

    def delete_dataset(self, body: Any, dataset: str, query: dict[str, str], **_: Any) -> Any:
        mine = [key for key in self.tables if key[0] == dataset]
        if mine and query["deleteContents"] != "true":
            raise ValueError(f"Dataset {dataset} is still in use")
        for key in mine:
            del self.tables[key]
        del self.datasets[dataset]

    def list_tables(self, body: Any, dataset: str, query: dict[str, str], **_: Any) -> Any:
        self.found(self.datasets, dataset)
        names, more = self.paged(sorted(name for where, name in self.tables if where == dataset), query)
        return {"tables": [self.tables[dataset, name] for name in names], **more}

    def make_table(self, body: Any, dataset: str, **_: Any) -> Any:
        self.found(self.datasets, dataset)
        self.tables[dataset, body["tableReference"]["tableId"]] = {"id": "it", **body}
        return body

    def get_table(self, body: Any, dataset: str, table: str, **_: Any) -> Any:
        return self.found(self.tables, (dataset, table))

    def patch_table(self, body: Any, dataset: str, table: str, **_: Any) -> Any:
        self.found(self.tables, (dataset, table)).update(body)
        return self.tables[dataset, table]

    def delete_table(self, body: Any, dataset: str, table: str, **_: Any) -> Any:
        self.found(self.tables, (dataset, table))
        del self.tables[dataset, table]

    # --- jobs ------------------------------------------------------------------------------------------------------

    def begin(self, body: Any, project: str, **_: Any) -> Any:
        reference = body["jobReference"]
        if reference["jobId"] in self.jobs:
            raise FileExistsError(f"Already Exists: Job {project}:{reference['jobId']}")
        if "nonsense" in json.dumps(body["configuration"]):
            raise ValueError("Unrecognized name: nonsense")
        reference.setdefault("location", "US")
        self.jobs[reference["jobId"]] = {**body, "status": {"state": "PENDING"}}
        SYSTEM.sleep(self.holds_answers)
        if self.loses_answers:
            self.loses_answers -= 1
            raise ConnectionAbortedError
        return self.jobs[reference["jobId"]]

    def the_job(self, job: str, query: dict[str, str]) -> Any:
        found = self.found(self.jobs, job)
        where = found["jobReference"]["location"]
        if query.get("location", where if where in FOUND_ANYWHERE else "US") != where:
            raise FileNotFoundError(f"Not found: Job {job}")
        return found

    def look(self, body: Any, job: str, query: dict[str, str], **_: Any) -> Any:
        found = self.the_job(job, query)
        answer = json.loads(json.dumps(found))
        text = json.dumps(found["configuration"])
        if found["status"]["state"] == "PENDING":
            found["status"] = {"state": "RUNNING"}
            found["statistics"] = {"query": {"timeline": [{"completedUnits": "1", "pendingUnits": "3"}]}}
        elif found["status"]["state"] == "RUNNING" and "forever" not in text:
            self.finish(found, text)
        return answer

    def finish(self, job: Any, text: str) -> None:
        job["status"] = {"state": "DONE"}
        if "fail" in text:
            job["status"] |= {"errorResult": INVALID, "errors": [INVALID, BROKEN_LINE]}
            return
        for told in job["configuration"].values():
            table = told.get("destinationTable", {})
            self.tables[table.get("datasetId"), table.get("tableId")] = {"id": "it", "tableReference": table}

    def cancel(self, body: Any, job: str, query: dict[str, str], **_: Any) -> Any:
        found = self.the_job(job, query)
        stopped = {"reason": "stopped", "message": "Job execution was cancelled"}
        found["status"] = {"state": "DONE", "errorResult": stopped, "errors": [stopped]}
        return {"job": found}


@pytest.fixture
def bigquery(luigi_config: Any, serving: Callable[[Any], str]) -> BigQuery:
    """The stand-in, to which the section `[bigquery]` leads."""
    service = BigQuery()
    service.url = serving(service)
    luigi_config("bigquery", endpoint_url=service.url, anonymous=True, poll_interval=0.05)
    return service


@pytest.fixture(scope="session")
def bigquery_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the emulator takes for Google Cloud Storage: folders in it are its buckets."""
    folder = tmp_path_factory.mktemp("buckets")
    (folder / "bucket").mkdir()
    return folder


@pytest.fixture(scope="session")
def bigquery_service(tmp_path_factory: pytest.TempPathFactory, bigquery_folder: Path) -> Iterator[str]:
    """The address of a bqemulator with a project `test`. All tests share it: give datasets names of your own."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "luigi-kernel"
    place = Path(os.environ.get("LUIGI_BIGQUERY_EMULATOR") or cache / "bigquery-emulator")
    python = place / "bin" / "python"
    if not python.exists():
        pytest.skip(f"there is no BigQuery emulator: pip install bqemulator numpy pyarrow in an environment {place}")
    folder = tmp_path_factory.mktemp("bigquery")
    program = Path(__file__).with_name("emulator.py")
    rest, grpc = free_port(), free_port()
    command = [python, program, "start", "--rest-port", str(rest), "--grpc-port", str(grpc), "--project", "test"]
    environment = {**os.environ, "BQEMU_GCS_LOCAL_ROOT": str(bigquery_folder)}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_until_it_answers(server, rest, folder / "log")
        yield f"http://127.0.0.1:{rest}"
    finally:
        server.kill()
        server.wait(timeout=30)


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    from urllib.error import URLError
    from urllib.request import urlopen

    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/bigquery/v2/projects/test/datasets", timeout=5):
                return
        except URLError:
            assert server.poll() is None, log.read_text()[-2000:]
            SYSTEM.sleep(0.1)
    pytest.fail(f"the BigQuery emulator does not answer: {log.read_text()[-2000:]}")
