"""What spark-submit is given, for each option: `luigi.contrib.spark`."""

from __future__ import annotations

import json
import logging
import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib.external_program import ExternalProgramRunError
from luigi.contrib.remote_job import JobFailed
from luigi.contrib.spark import PySparkTask, SparkSubmitTask
from luigi.errors import ConfigurationError

Configure = Callable[..., None]
RECORDER = """#!/usr/bin/env python3
# Stands in for spark-submit: writes down what it is given, and prints what it is told to.
import json, os, pathlib, sys
folder = pathlib.Path(__file__).parent
said = {"args": sys.argv[1:], "env": dict(os.environ), "there": [os.path.exists(word) for word in sys.argv[1:]]}
(folder / "saying.json").write_text(json.dumps(said))
(folder / "saying.json").rename(folder / "said.json")
sys.stderr.write((folder / "stderr").read_text())
sys.exit(int((folder / "code").read_text()))
"""


class SparkApp(SparkSubmitTask):
    """An app, and no more."""

    app = "my app.py"

    def app_options(self) -> Sequence[Any]:
        return ["-x", 1, "a b"]


class SparkMain(PySparkTask):
    """Its code travels. It has to be at the top of the module."""

    number = luigi.IntParameter(default=3)

    def main(self, sc: Any, *args: Any) -> None:
        raise AssertionError("there is no driver")

    def app_options(self) -> Sequence[Any]:
        return ["--since", 2026]


def given(**attributes: Any) -> list[str]:
    """What spark-submit is given before the app, by a task of these attributes."""
    task: SparkApp = type("SparkGiven", (SparkApp,), attributes)()
    program, *words = task.spark_command()
    assert program == "spark-submit"
    return words


class Recorder:
    """The spark-submit of a test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "spark-submit").write_text(RECORDER)
        (folder / "spark-submit").chmod(0o755)
        self.ends("", 0)

    def ends(self, stderr: str, code: int) -> None:
        """What it prints, and its exit code, from now on."""
        (self._folder / "stderr").write_text(stderr)
        (self._folder / "code").write_text(str(code))

    def __getattr__(self, name: str) -> Any:
        return json.loads((self._folder / "said.json").read_text())[name]


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return Recorder(tmp_path)


# What Luigi 3.8.1 gave for the same configuration, but where a comment says otherwise.
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, []),
        ({"master": "local[*]"}, ["--master", "local[*]"]),
        ({"deploy_mode": "client"}, ["--deploy-mode", "client"]),
        ({"jars": "a.jar, b.jar"}, ["--jars", "a.jar,b.jar"]),
        ({"jars": "a.jar,,b.jar ,"}, ["--jars", "a.jar,b.jar"]),  # Luigi keeps the empty ones
        ({"packages": "g:a:1"}, ["--packages", "g:a:1"]),
        ({"py_files": "a.zip,b.py"}, ["--py-files", "a.zip,b.py"]),
        ({"files": "a b.txt"}, ["--files", "a b.txt"]),
        ({"archives": "a.tgz#a, b.tgz"}, ["--archives", "a.tgz#a,b.tgz"]),
        ({"conf": "a=1|b=2=3"}, ["--conf", "a=1", "--conf", "b=2=3"]),
        ({"conf": " a = 1 | b= 2 |"}, ["--conf", "a=1", "--conf", "b=2"]),  # Luigi: ValueError
        ({"properties_file": "/etc/spark.conf"}, ["--properties-file", "/etc/spark.conf"]),
        ({"driver_memory": "2G"}, ["--driver-memory", "2G"]),
        ({"driver_java_options": "-Da=b -Dc=d"}, ["--driver-java-options", "-Da=b -Dc=d"]),
        ({"driver_library_path": "/lib"}, ["--driver-library-path", "/lib"]),
        ({"driver_class_path": "/cp"}, ["--driver-class-path", "/cp"]),
        ({"executor_memory": "1000M"}, ["--executor-memory", "1000M"]),
        ({"driver_cores": 3}, ["--driver-cores", "3"]),
        ({"supervise": True}, ["--supervise"]),
        ({"supervise": False}, []),  # Luigi: --supervise
        ({"supervise": "no"}, []),  # Luigi: --supervise
        ({"supervise": ""}, []),
        ({"total_executor_cores": 4}, ["--total-executor-cores", "4"]),
        ({"executor_cores": 5}, ["--executor-cores", "5"]),
        ({"queue": "etl"}, ["--queue", "etl"]),
        ({"num_executors": 6}, ["--num-executors", "6"]),
        ({"num_executors": 0}, ["--num-executors", "0"]),
        ({"master": "", "jars": " ", "conf": ""}, []),  # Luigi: --jars ''
    ],
)
def test_each_option_of_the_configuration(luigi_config: Configure, options: dict[str, Any], words: list[str]) -> None:
    luigi_config("spark", **options)
    assert given() == words


def test_all_options_have_an_order(luigi_config: Configure) -> None:
    texts = (
        *("master", "deploy_mode", "jars", "packages", "py_files", "files", "archives", "properties_file"),
        *("driver_memory", "driver_java_options", "driver_library_path", "driver_class_path", "executor_memory"),
        *("driver_cores", "total_executor_cores", "executor_cores", "queue", "num_executors"),
    )
    luigi_config("spark", **{name: f"a {name}" for name in texts}, conf="a=1|b=2", supervise=True)
    assert given(name="the name", entry_class="org.x.Main") == [
        *("--master", "a master", "--deploy-mode", "a deploy_mode", "--name", "the name", "--class", "org.x.Main"),
        *("--jars", "a jars", "--packages", "a packages", "--py-files", "a py_files", "--files", "a files"),
        *("--archives", "a archives", "--conf", "a=1", "--conf", "b=2", "--properties-file", "a properties_file"),
        *("--driver-memory", "a driver_memory", "--driver-java-options", "a driver_java_options"),
        *("--driver-library-path", "a driver_library_path", "--driver-class-path", "a driver_class_path"),
        *("--executor-memory", "a executor_memory", "--driver-cores", "a driver_cores", "--supervise"),
        *("--total-executor-cores", "a total_executor_cores", "--executor-cores", "a executor_cores"),
        *("--queue", "a queue", "--num-executors", "a num_executors"),
    ]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"jars": ["a", "b"]}, ["--jars", "a,b"]),
        ({"jars": ("a", Path("b"))}, ["--jars", "a,b"]),
        ({"jars": "a,b"}, ["--jars", "a,b"]),  # Luigi leaves it out
        ({"jars": []}, []),
        ({"conf": {"a": 1, "b": "x y", "-c": "'\"\n"}}, ["--conf", "a=1", "--conf", "b=x y", "--conf", "-c='\"\n"]),
        ({"conf": [("a", 1)]}, ["--conf", "a=1"]),
        ({"conf": "a=1|b=2"}, ["--conf", "a=1", "--conf", "b=2"]),
        ({"supervise": True, "driver_cores": 2}, ["--driver-cores", "2", "--supervise"]),
        ({"pyspark_python": "/p"}, ["--conf", "spark.pyspark.python=/p"]),
        ({"pyspark_driver_python": "/d"}, ["--conf", "spark.pyspark.driver.python=/d"]),
        ({"driver_memory": luigi.Parameter(default="3g")}, ["--driver-memory", "3g"]),
        ({"name": "--help"}, ["--name", "--help"]),  # spark-submit takes the next word for the value, whatever it is
    ],
)
def test_a_class_says_otherwise(luigi_config: Configure, attributes: dict[str, Any], words: list[str]) -> None:
    luigi_config("spark", driver_memory="1g" if "driver_memory" in attributes else "")
    assert given(**attributes) == words


def test_a_class_adds_to_what_is_configured(luigi_config: Configure) -> None:
    class SparkMore(SparkApp):
        @property
        def conf(self) -> dict[str, str]:  # type: ignore[override]
            return {**super().conf, "b": "2"}

    luigi_config("spark", conf="a=1")
    assert SparkMore().spark_command() == ["spark-submit", "--conf", "a=1", "--conf", "b=2"]


def test_another_version_of_spark_has_a_section_of_its_own(luigi_config: Configure) -> None:
    luigi_config("spark", master="old")
    luigi_config("spark3", master="new", supervise=True)
    assert given(spark_version="spark3") == ["--master", "new", "--supervise"]


def test_what_is_no_property_is_named(luigi_config: Configure) -> None:
    luigi_config("spark", conf="a=1|spark.ui.port 4050")
    with pytest.raises(ConfigurationError, match="'spark.ui.port 4050'") as error:
        given()
    assert "NAME=VALUE" in str(error.value)


def test_without_an_app_it_says_what_to_write() -> None:
    with pytest.raises(NotImplementedError, match="give it an app"):
        SparkSubmitTask().program_args()


def test_an_app_that_looks_like_an_option_is_none() -> None:
    assert type("SparkDashed", (SparkApp,), {"app": "--kill"})().app_command()[0] == "./--kill"


def test_the_program_is_given_all_as_it_is(recorder: Recorder, luigi_config: Configure) -> None:
    luigi_config("spark", conf="spark.app.x=$HOME; `id`|y='\"", hadoop_conf_dir="/etc/hadoop conf")
    task = type("SparkAs", (SparkApp,), {"hadoop_user_name": "bob"})()
    task.run()
    assert recorder.args == [
        *("--conf", "spark.app.x=$HOME; `id`", "--conf", "y='\"", "my app.py", "-x", "1", "a b"),
    ]
    assert recorder.env["HADOOP_CONF_DIR"] == "/etc/hadoop conf"
    assert recorder.env["HADOOP_USER_NAME"] == "bob"


def test_the_environment_is_the_workers(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HADOOP_CONF_DIR", raising=False)
    monkeypatch.setenv("SPARK_HOME", "/opt/spark")
    SparkApp().run()
    assert recorder.env["SPARK_HOME"] == "/opt/spark"
    assert not {"HADOOP_CONF_DIR", "HADOOP_USER_NAME"} & set(recorder.env)


def test_secrets_reach_neither_log_nor_error(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "luigi-interface")
    recorder.ends("no such bucket\n", 1)
    conf = {"spark.hadoop.fs.s3a.secret.key": "hunter2", "spark.ssl.keyPassword": "hunter3 x", "spark.a": "seen"}
    with pytest.raises(ExternalProgramRunError, match="no such bucket") as error:
        type("SparkSecret", (SparkApp,), {"conf": conf})().run()
    told = f"{caplog.text} {error.value} {error.value!r} {error.value.args}"
    assert "hunter" not in told
    assert "spark.hadoop.fs.s3a.secret.key=" in told
    assert "spark.a=seen" in told
    assert "spark.hadoop.fs.s3a.secret.key=hunter2" in recorder.args


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("INFO SparkUI: Bound SparkUI to 0.0.0.0, and started at http://10.0.0.1:4040", "http://10.0.0.1:4040"),
        ("INFO Utils: Successfully started service 'SparkUI' on port 4041.", "http://driver.example:4041"),
        ("\t tracking URL: http://rm:8088/proxy/application_1_2/", "http://rm:8088/proxy/application_1_2/"),
        ("\t tracking URL: N/A", None),
        ("INFO SparkUI: Stopped Spark web UI at http://10.0.0.1:4040", None),
    ],
)
def test_where_it_can_be_followed(recorder: Recorder, line: str, url: str | None) -> None:
    class SparkFollowed(SparkApp):
        conf = {"spark.driver.host": "driver.example"}

        def set_tracking_url(self, tracking_url: str) -> None:
            said.append(tracking_url)

    said: list[str] = []
    recorder.ends(f"{line}\n", 0)
    SparkFollowed().run()
    assert said == ([url] if url else [])


def test_how_far_it_is(recorder: Recorder) -> None:
    class SparkTelling(SparkApp):
        def set_status_message(self, message: str) -> None:
            said.append(message)

    said: list[str] = []
    finished = "INFO TaskSetManager: Finished task {0}.0 in stage 3.0 (TID 7) in 12 ms on h (executor 0) ({0}/200)\n"
    states = ("(state: ACCEPTED)", "(state: ACCEPTED)", "(phase: Running)", "State of driver-1-2 is RUNNING")
    recorder.ends("".join([f"INFO x {state}\n" for state in states] + [finished.format(n) for n in (1, 2, 3, 200)]), 0)
    SparkTelling().run()
    assert said == [
        *("Spark says ACCEPTED", "Spark says Running", "Spark says RUNNING"),
        *("stage 3: 1 of 200 tasks", "stage 3: 2 of 200 tasks", "stage 3: 200 of 200 tasks"),
    ]


def test_only_the_standard_error_of_what_failed_is_logged(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "luigi-interface")
    recorder.ends("chatter\n", 0)
    SparkApp().run()
    assert "chatter" not in caplog.text


class SparkInCluster(SparkApp):
    """Is handed over."""

    deploy_mode = "cluster"

    def listeners(self) -> Sequence[Any]:
        return [*super().listeners(), self.give_up]

    def give_up(self, stream: str, line: str) -> None:
        """At the second line."""
        if line == "given up":
            raise KeyboardInterrupt


class TestClusterMode:
    """Where the driver is not a child of spark-submit. A standalone master that is real is in test_spark_jobs.py."""

    def test_a_standalone_master_is_waited_for(self, luigi_config: Configure) -> None:
        luigi_config("spark", master="spark://m:7077", deploy_mode="cluster", conf="a=1")
        waits = "spark.standalone.submit.waitAppCompletion"
        assert given()[4:] == ["--conf", f"{waits}=true", "--conf", "a=1"]
        assert given(conf={waits: "false"})[4:] == ["--conf", f"{waits}=false"]
        assert given(master="yarn") == ["--master", "yarn", "--deploy-mode", "cluster", "--conf", "a=1"]

    @pytest.mark.parametrize(
        ("master", "line", "program", "args"),
        [
            ("yarn", "INFO impl.YarnClientImpl: Submitted application application_17_0042", "yarn",
             ["application", "-kill", "application_17_0042"]),
            ("k8s://https://m:6443", "INFO Client: Deployed Spark application x with application ID spark-1 and "
             "submission ID jobs:x-1-driver into Kubernetes", "spark-submit",
             ["--master", "k8s://https://m:6443", "--kill", "jobs:x-1-driver"]),
            ("spark://m:6066", "INFO RestSubmissionClient: Submission successfully created as driver-2026-0001. "
             "Polling submission state...", "spark-submit",
             ["--master", "spark://m:6066", "--kill", "driver-2026-0001"]),
            ("spark://m:7077", "INFO ClientEndpoint: Driver successfully submitted as driver-2026-0001", "spark-submit",
             ["--master", "local", "--class", "org.apache.spark.deploy.Client", "spark-internal", "kill",
              "spark://m:7077", "driver-2026-0001"]),
        ],
    )  # fmt: skip
    def test_a_job_is_ended_with_its_task(
        self, recorder: Recorder, tmp_path: Path, master: str, line: str, program: str, args: list[str]
    ) -> None:
        recorder.ends(f"{line}\ngiven up\n", 0)
        if program != "spark-submit":
            (tmp_path / program).symlink_to(tmp_path / "spark-submit")
        with pytest.raises(KeyboardInterrupt):
            type("SparkEnded", (SparkInCluster,), {"master": master})().run()
        until = SYSTEM.monotonic() + 30  # what ends it is not waited for: a JVM is slower than executors are patient
        while recorder.args != args:
            assert SYSTEM.monotonic() < until, recorder.args
            SYSTEM.sleep(0.05)

    def test_what_is_not_handed_over_yet_is_not_ended_there(
        self, recorder: Recorder, caplog: pytest.LogCaptureFixture
    ) -> None:
        recorder.ends("given up\n", 0)
        with pytest.raises(KeyboardInterrupt):
            SparkInCluster().run()
        assert recorder.args[-1] == "a b"
        assert not caplog.records

    def test_a_job_that_cannot_be_ended_is_logged(self, recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
        recorder.ends("Submitted application application_17_0042\ngiven up\n", 0)
        with pytest.raises(KeyboardInterrupt):
            SparkInCluster().run()
        assert "no program 'yarn'" in caplog.text

    @pytest.mark.parametrize(
        ("line", "status"),
        [
            ("INFO ClientEndpoint: State of driver driver-1-2 is ERROR, exiting spark-submit JVM.", "ERROR"),
            ("INFO LoggingPodStatusWatcherImpl: Application status for spark-1 (phase: Failed)", "Failed"),
        ],
    )
    def test_a_failure_that_the_exit_code_does_not_tell(self, recorder: Recorder, line: str, status: str) -> None:
        recorder.ends(f"Driver successfully submitted as driver-1-2\nDriver running on h:1 (worker-1)\n{line}\n", 0)
        with pytest.raises(JobFailed, match=rf"driver-1-2 ended as {status}: it ran on h:1 \(worker-1\)") as error:
            SparkInCluster().run()
        assert "what it printed stays where it ran" in error.value.hint


class TestPySpark:
    """What goes with a task. What becomes of it there is in test_spark_jobs.py."""

    @pytest.fixture(autouse=True)
    def _importable(self, monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> None:
        self._recorder = recorder
        monkeypatch.syspath_prepend(Path(__file__).with_name("programs"))
        from spark_counting.jobs import SparkNeverBegun

        self._cls = SparkNeverBegun

    def test_its_code_is_packed(self, luigi_config: Configure) -> None:
        luigi_config("spark", py_files="mine.zip")
        self._cls().run()
        *options, runner, archive, digest, module, parcel, sealed, entry = self._recorder.args
        assert options == [
            *("--master", "local[1]", "--name", "SparkNeverBegun", "--py-files", f"mine.zip,{archive}"),
        ]
        assert module == "luigi.contrib.pyspark_runner"
        assert entry == "context"
        assert len(digest) == len(sealed) == 64
        assert {Path(path).parent for path in (runner, archive, parcel)} == {Path(parcel).parent}
        assert self._recorder.there[-7:] == [True, True, False, False, True, False, False]
        assert not Path(parcel).parent.exists()

    def test_in_cluster_mode_it_finds_its_files_where_it_is_run(self, luigi_config: Configure) -> None:
        luigi_config("spark", deploy_mode="cluster", files="a.txt,b.txt")  # which Luigi forgets
        self._cls().run()
        given = dict(zip(self._recorder.args, self._recorder.args[1:], strict=False))
        folder = Path(given["--py-files"]).parent
        assert given["--files"].split(",") == ["a.txt", "b.txt", f"{folder}/job-instance.pickle"]
        runner, archive, _, _, parcel, *_ = self._recorder.args[-7:]
        assert (runner, archive, parcel) == (f"{folder}/luigi_runner.py", "packages.zip", "job-instance.pickle")

    def test_the_entry_point_is_chosen_where_it_is_submitted(self, luigi_config: Configure) -> None:
        luigi_config("pyspark_runner", use_spark_session=True)
        self._cls().run()
        assert self._recorder.args[-1] == "session"

    def test_pickle_has_the_protocol_of_the_configuration(self, luigi_config: Configure) -> None:
        assert self._cls().pickle_protocol == pickle.DEFAULT_PROTOCOL
        luigi_config("spark", pickle_protocol=2)
        assert self._cls().pickle_protocol == 2

    def test_it_can_be_run_again(self, tmp_path: Path) -> None:
        task = self._cls(pid=str(tmp_path))  # which no test has run
        self._recorder.ends("", 1)
        with pytest.raises(ExternalProgramRunError):
            task.run()
        digest = self._recorder.args[-2]
        self._recorder.ends("", 0)
        task.run()
        assert self._recorder.args[-2] == digest, "something of the first try goes along"

    def test_its_name_is_its_class(self) -> None:
        assert SparkMain().name == "SparkMain"

    def test_its_command_line_is_known_while_it_runs(self) -> None:
        with pytest.raises(RuntimeError, match="known while it runs"):
            SparkMain().program_args()
