"""Jobs of Dataproc: how they are sent, followed, cancelled, and how they fail."""

from __future__ import annotations

import logging
import pickle
from typing import Any

import pytest

from luigi.contrib import dataproc as module
from luigi.contrib._google.errors import NotThere, NotUnderstood
from luigi.contrib.dataproc import DataprocBaseTask, DataprocPysparkTask, DataprocSparkTask, NothingSubmitted
from luigi.contrib.gcs import GCSClient
from luigi.contrib.remote_job import JobFailed
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

PLACE = {"gcloud_project_id": "project", "dataproc_cluster_name": "cluster"}


class DataprocRuns(DataprocSparkTask):
    """Complete once it was run: whatever these jobs write is not looked at here."""

    def complete(self) -> bool:
        return bool(getattr(self, "was_run", False))

    def run(self) -> None:
        super().run()
        self.was_run = True


@pytest.fixture
def output(dataproc: Any, gcs_service: str, luigi_config: Any, number: int) -> str:
    """Where drivers write, in parts."""
    luigi_config("gcs", endpoint_url=gcs_service, anonymous=True)
    dataproc.output = f"gs://bucket/dataproc-{number}/driveroutput"
    GCSClient().put_string("it begins\n", f"{dataproc.output}.000000000")
    GCSClient().put_string("Traceback\nthe disk is full\n", f"{dataproc.output}.000000001")
    return str(dataproc.output)


@pytest.mark.service("gcs")
class TestDataprocJobs(RemoteJobContract):
    last_words = "the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _service(self, dataproc: Any, output: str) -> None:
        self.service = dataproc

    def succeeding(self) -> Task:
        return DataprocRuns(main_class="Main", **PLACE)

    def failing(self) -> Task:
        return DataprocRuns(main_class="fail", **PLACE)

    def endless(self) -> Task:
        return DataprocRuns(main_class="forever", **PLACE)

    def is_running(self, task: Task) -> bool:
        return any(job["status"]["state"] == "RUNNING" for job in self.service.jobs.values())


@pytest.mark.service("gcs")
def test_the_error_says_what_the_service_says_and_what_the_driver_printed(dataproc: Any, output: str) -> None:
    with pytest.raises(JobFailed) as error:
        DataprocRuns(main_class="fail", **PLACE).run()
    (job_id,) = dataproc.jobs
    assert str(error.value).splitlines() == [
        f"Dataproc job {job_id} ended as ERROR: the driver ended with 1",
        "the last that it printed:",
        "Traceback",
        "the disk is full",
    ]


@pytest.mark.service("gcs")
def test_output_that_is_not_there_hides_no_error(
    dataproc: Any, output: str, caplog: pytest.LogCaptureFixture, luigi_config: Any
) -> None:
    dataproc.output = "gs://bucket/nothing/here"
    with pytest.raises(JobFailed, match="the driver ended with 1$"):
        DataprocRuns(main_class="fail", **PLACE).run()
    luigi_config("gcs", endpoint_url="http://127.0.0.1:9", retries=0)
    with pytest.raises(JobFailed, match="the driver ended with 1$"):
        DataprocRuns(main_class="fail", **PLACE).run()
    assert "printed cannot be read" in caplog.messages[-1]


def test_a_job_of_spark_says_what_to_run(dataproc: Any) -> None:
    DataprocSparkTask(main_class="a.Main", jars="gs://a.jar,gs://b.jar", job_args="1,--two", **PLACE).run()
    ((what, body), *_) = dataproc.asked
    assert what == "POST /v1/projects/project/regions/global/jobs:submit"
    assert body["job"] | {"reference": {}} == {
        "reference": {},
        "placement": {"clusterName": "cluster"},
        "sparkJob": {"mainClass": "a.Main", "jarFileUris": ["gs://a.jar", "gs://b.jar"], "args": ["1", "--two"]},
    }


def test_a_job_of_python_says_what_to_run(dataproc: Any) -> None:
    DataprocPysparkTask(job_file="gs://a.py", dataproc_region="europe-west3", **PLACE).run()
    DataprocPysparkTask(job_file="gs://a.py", extra_files="gs://b.py,gs://c.zip", job_args="x", **PLACE).run()
    first, second = [body["job"]["pysparkJob"] for _, body in dataproc.asked if body]
    assert dataproc.asked[0][0] == "POST /v1/projects/project/regions/europe-west3/jobs:submit"
    assert first == {"mainPythonFileUri": "gs://a.py", "pythonFileUris": [], "args": []}
    assert second == {"mainPythonFileUri": "gs://a.py", "pythonFileUris": ["gs://b.py", "gs://c.zip"], "args": ["x"]}


class DataprocOfItsOwnKind(DataprocBaseTask):
    def run(self) -> None:
        self.submit_job({"job": {"placement": {"clusterName": "cluster"}, "hiveJob": {"queryFileUri": "gs://q"}}})
        self.wait_for_job()


def test_a_job_of_another_kind_is_submitted_and_waited_for(dataproc: Any) -> None:
    DataprocOfItsOwnKind(**PLACE).run()
    (job,) = dataproc.jobs.values()
    assert job["hiveJob"] == {"queryFileUri": "gs://q"}
    assert job["status"]["state"] == "DONE"


def test_arguments_may_have_commas_where_they_are_a_list(dataproc: Any) -> None:
    task = DataprocBaseTask(**PLACE)
    answer = task.submit_spark_job(["gs://a.jar"], "Main", ["a,b", "-c 'd'\n"])
    task.wait_for_job()
    assert answer["sparkJob"]["args"] == ["a,b", "-c 'd'\n"]
    assert list(dataproc.jobs) == [answer["reference"]["jobId"]]


def test_there_is_nothing_to_wait_for_before_a_job_is_submitted() -> None:
    with pytest.raises(NothingSubmitted, match="submitted no job"):
        DataprocBaseTask(gcloud_project_id="project", dataproc_cluster_name="another").wait_for_job()


def test_what_the_service_says_of_a_job_is_reported_while_it_runs(dataproc: Any) -> None:
    said: list[Any] = []

    class DataprocTold(DataprocSparkTask):
        def set_tracking_url(self, tracking_url: str) -> None:
            said.append(tracking_url)

        def set_status_message(self, message: str) -> None:
            said.append(message.partition(": ")[2])

        def set_progress_percentage(self, percentage: float) -> None:
            said.append(percentage)

    DataprocTold(main_class="Main", **PLACE).run()
    (job_id,) = dataproc.jobs
    url = f"https://console.cloud.google.com/dataproc/jobs/{job_id}?region=global&project=project"
    assert said == [url, "PENDING", 75.0, "RUNNING", "DONE"]


def test_a_job_whose_answer_is_lost_is_run_once(dataproc: Any) -> None:
    dataproc.loses_answers = 1
    DataprocSparkTask(main_class="Main", **PLACE).run()
    assert len([what for what, _ in dataproc.asked if what.endswith(":submit")]) == 2
    assert len(dataproc.jobs) == len(dataproc.runs) == 1


@pytest.mark.parametrize(
    ("options", "kind", "why"),
    [
        ({"main_class": "nonsense"}, NotUnderstood, "the main class is nonsense"),
        ({"main_class": "Main", "dataproc_cluster_name": "missing"}, NotThere, "on the cluster missing is not there"),
    ],
)
def test_a_job_that_is_refused_says_why(
    dataproc: Any, options: dict[str, str], kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        DataprocSparkTask(**{**PLACE, **options}).run()
    assert len(dataproc.asked) == 1, "what was refused needs no end"


def test_a_job_that_is_cancelled_by_somebody_else_fails(dataproc: Any) -> None:
    class DataprocCancelled(DataprocSparkTask):
        def set_status_message(self, message: str) -> None:
            if message.endswith("RUNNING"):
                for job in dataproc.jobs:
                    dataproc.cancel(None, job)

    with pytest.raises(JobFailed, match="ended as CANCELLED: by somebody"):
        DataprocCancelled(main_class="forever", **PLACE).run()


def test_a_job_outlives_that_the_service_is_away(
    dataproc: Any, between: Any, luigi_config: Any, caplog: pytest.LogCaptureFixture
) -> None:
    way = between(dataproc.url)
    luigi_config("dataproc", endpoint_url=way.url, retries=0)

    class DataprocAway(DataprocSparkTask):
        def set_status_message(self, message: str) -> None:
            if message.endswith("PENDING"):
                way.answers = [503]

    caplog.set_level(logging.WARNING, "luigi-interface")
    DataprocAway(main_class="Main", **PLACE).run()
    assert [text for text in caplog.messages if "will be again" in text and "503" in text]


def test_a_program_may_give_a_service_of_its_own(dataproc: Any) -> None:
    mine = module.get_dataproc_client()
    module.set_dataproc_client(mine)
    try:
        assert module.get_dataproc_client() is mine
        assert DataprocBaseTask(**PLACE).dataproc_client is mine
        DataprocSparkTask(main_class="Main", **PLACE).run()
        with pytest.raises(NotUnderstood):
            DataprocSparkTask(main_class="nonsense", **PLACE).run()
    finally:
        module.set_dataproc_client(None)
    assert len(dataproc.jobs) == 1


def test_tasks_are_pickled() -> None:
    assert pickle.loads(pickle.dumps(DataprocSparkTask(main_class="Main", **PLACE))).main_class == "Main"


def test_who_asks_is_said_as_keywords(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    assert list(module.authenticate_kwargs) == ["http"]
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = module.other
