"""Jobs of BigQuery: how they are sent, followed, cancelled, and how they fail."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import re
import signal
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib.bigquery import (
    BigQueryClient,
    BigQueryExecutionError,
    BigQueryRunQueryTask,
    BigQueryTarget,
    BQDataset,
    BQTable,
    NotThere,
    Refused,
    Unreachable,
)
from luigi.task import Task
from luigi.testing import run_task
from luigi.testing.contracts import RemoteJobContract


class BigQueryAsks(BigQueryRunQueryTask):
    query = luigi.Parameter()
    location = luigi.OptionalParameter(default=None)
    use_legacy_sql = False

    def output(self) -> BigQueryTarget:
        return BigQueryTarget("project", "dataset", "table", location=self.location)


class TestBigQueryJobs(RemoteJobContract):
    last_words = "Error while reading line 7"
    says_where = True
    dataset = BQDataset("project", "dataset", "europe-west3")

    @pytest.fixture(autouse=True)
    def _service(self, bigquery: Any) -> None:
        self.service = bigquery

    def succeeding(self) -> Task:
        return BigQueryAsks(query="SELECT 1", location="europe-west3")

    def failing(self) -> Task:
        return BigQueryAsks(query="SELECT fail", location="europe-west3")

    def endless(self) -> Task:
        return BigQueryAsks(query="SELECT forever", location="europe-west3")

    def is_running(self, task: Task) -> bool:
        return any(job["status"]["state"] == "RUNNING" for job in self.service.jobs.values())


class BigQueryTold(BigQueryAsks):
    """Keeps what is reported of it."""

    said: list[Any]

    def set_tracking_url(self, tracking_url: str) -> None:
        self.said.append(tracking_url)

    def set_status_message(self, message: str) -> None:
        self.said.append(message.partition(": ")[2])

    def set_progress_percentage(self, percentage: float) -> None:
        self.said.append(percentage)


@pytest.fixture
def client() -> BigQueryClient:
    return BigQueryClient()


def test_what_the_service_says_of_a_job_is_reported_while_it_runs(bigquery: Any) -> None:
    task = BigQueryTold(query="SELECT 1", location="EU")
    task.said = []
    run_task(task)
    (job_id,) = bigquery.jobs
    url = f"https://console.cloud.google.com/bigquery?project=project&j=bq%3AEU%3A{job_id}&page=queryresults"
    assert task.said == [url, "PENDING", 25.0, "RUNNING", "DONE"]


def test_a_job_whose_answer_is_lost_is_run_once(bigquery: Any) -> None:
    bigquery.loses_answers = 1
    BigQueryAsks(query="SELECT 1", location="asia-east1").run()
    assert len(bigquery.configurations()) > 1
    assert len(bigquery.jobs) == 1


def test_a_job_whose_task_is_ended_before_there_is_an_answer_is_cancelled(bigquery: Any) -> None:
    bigquery.holds_answers = 5
    process = multiprocessing.get_context("fork").Process(target=BigQueryAsks(query="SELECT forever").run)
    process.start()
    while not bigquery.jobs:
        assert process.is_alive()
        SYSTEM.sleep(0.02)
    process.terminate()
    process.join(4)
    assert process.exitcode == -signal.SIGTERM
    (job,) = bigquery.jobs.values()
    assert job["status"]["errorResult"]["reason"] == "stopped"


def test_two_runs_are_two_jobs(bigquery: Any) -> None:
    for _ in range(2):
        BigQueryAsks(query="SELECT 1").run()
    assert len(bigquery.jobs) == 2


def test_a_job_is_where_its_dataset_is(bigquery: Any, client: BigQueryClient) -> None:
    client.make_dataset(BQDataset("project", "dataset", "asia-east1"))
    BigQueryAsks(query="SELECT 1").run()  # which does not say where
    (job,) = bigquery.jobs.values()
    assert job["jobReference"]["location"] == "asia-east1"


def test_the_error_has_all_that_the_service_says(bigquery: Any) -> None:
    with pytest.raises(BigQueryExecutionError) as error:
        BigQueryAsks(query="SELECT fail").run()
    (job_id,) = bigquery.jobs
    assert str(error.value).splitlines() == [
        f"BigQuery job {job_id} failed: invalidQuery: Syntax error at [1:7] (at query)",
        "invalid: Error while reading line 7",
    ]
    assert error.value.job_id == job_id
    assert error.value.error_message["message"] == "Syntax error at [1:7]"  # type: ignore[index]


def test_a_job_that_is_not_understood_is_an_error_of_the_job(bigquery: Any) -> None:
    with pytest.raises(BigQueryExecutionError, match="failed: Unrecognized name: nonsense"):
        BigQueryAsks(query="SELECT nonsense").run()
    assert not any(what.endswith("/cancel") for what, _ in bigquery.asked)


def test_the_error_can_be_made_and_pickled_as_luigis() -> None:
    error = pickle.loads(pickle.dumps(BigQueryExecutionError("job", "message")))
    assert str(error) == "BigQuery job job failed: message"
    assert (error.job_id, error.error_message) == ("job", "message")


def test_a_job_that_is_cancelled_by_somebody_else_fails(bigquery: Any) -> None:
    class Cancelled(BigQueryAsks):
        def set_status_message(self, message: str) -> None:
            if message.endswith("RUNNING"):
                for job in bigquery.jobs:
                    bigquery.cancel(None, job, {"location": "US"})

    with pytest.raises(BigQueryExecutionError, match="stopped: Job execution was cancelled"):
        run_task(Cancelled(query="SELECT forever"))


def test_a_client_runs_jobs_without_a_task(bigquery: Any, client: BigQueryClient) -> None:
    told = {"query": {"query": "SELECT 1"}}
    job_id = client.run_job("project", {"configuration": told})
    assert list(bigquery.jobs) == [job_id]
    named = client.run_job("project", {"configuration": told, "jobReference": {"jobId": "mine"}})
    assert named == "mine"
    assert bigquery.configurations() == [told, told]


def test_tables_are_copied(bigquery: Any, client: BigQueryClient) -> None:
    client.copy(BQTable("project", "from", "a"), BQTable("project", "to", "b", "EU"))
    assert bigquery.datasets["to"]["location"] == "EU"
    assert bigquery.configurations() == [
        {
            "copy": {
                "sourceTable": {"projectId": "project", "datasetId": "from", "tableId": "a"},
                "destinationTable": {"projectId": "project", "datasetId": "to", "tableId": "b"},
                "createDisposition": "CREATE_IF_NEEDED",
                "writeDisposition": "WRITE_TRUNCATE",
            }
        }
    ]


# --- a service in trouble --------------------------------------------------------------------------------------------


def test_a_service_that_is_in_trouble_is_asked_again(bigquery: Any, between: Any, luigi_config: Any) -> None:
    way = between(bigquery.url)
    luigi_config("bigquery", endpoint_url=way.url)
    way.answers = [503]
    BigQueryAsks(query="SELECT 1").run()
    assert len(bigquery.jobs) == 1


def test_a_job_outlives_that_the_service_is_away(bigquery: Any, between: Any, luigi_config: Any) -> None:
    way = between(bigquery.url)
    luigi_config("bigquery", endpoint_url=way.url, retries=0)
    away: list[str] = []

    class Away(BigQueryAsks):
        def set_status_message(self, message: str) -> None:
            if message.endswith("PENDING"):
                way.answers = [503, 503]
                away.append(message)

    run_task(Away(query="SELECT 1"))
    assert len(away) == 1
    assert way.answers == [], "nobody asked again"
    assert [job["status"]["state"] for job in bigquery.jobs.values()] == ["DONE"]


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [
        (401, Refused, r"\[bigquery\] credentials_file"),
        (403, Refused, "BigQuery Data Editor"),
        (500, Unreachable, r"\[bigquery\] retries"),
    ],
)
def test_what_is_refused_says_what_to_do(
    bigquery: Any, between: Any, luigi_config: Any, status: int, kind: type[Exception], hint: str
) -> None:
    way = between(bigquery.url)
    luigi_config("bigquery", endpoint_url=way.url, retries=0)
    way.answers = [status]
    with pytest.raises(kind, match="dataset project:dataset") as error:
        BigQueryTarget("project", "dataset", "table", location="EU").exists()
    assert error.match("service")
    assert re.search(hint, error.value.hint)  # type: ignore[attr-defined]


def test_a_service_that_is_not_there_is_named(luigi_config: Any) -> None:
    luigi_config("bigquery", endpoint_url="http://127.0.0.1:9", anonymous=True, retries=0, timeout=2)
    with pytest.raises(Unreachable, match="table project:dataset.table"):
        BigQueryTarget("project", "dataset", "table").exists()


def test_a_listing_of_what_is_not_there_is_an_error(bigquery: Any, client: BigQueryClient) -> None:
    with pytest.raises(NotThere, match="dataset project:missing is not there: Not found: missing"):
        list(client.list_tables(BQDataset("project", "missing")))


def test_a_clients_own_connection_is_used(bigquery: Any) -> None:
    import httplib2

    class Counting(httplib2.Http):
        asked = 0

        def request(self, *args: Any, **keywords: Any) -> Any:
            self.asked += 1
            return super().request(*args, **keywords)

    http = Counting()
    assert not BigQueryClient(http_=http).dataset_exists(BQDataset("project", "dataset"))
    assert http.asked == 1


def test_secrets_are_in_no_error(luigi_config: Any, tmp_path: Any) -> None:
    (tmp_path / "key.json").write_text(json.dumps({"private_key": "hunter2"}))
    luigi_config("bigquery", credentials_file=tmp_path / "key.json")
    with pytest.raises(Refused, match="no key file") as error:
        BigQueryTarget("project", "dataset", "table").exists()
    assert "hunter2" not in str(error.value) + error.value.hint
