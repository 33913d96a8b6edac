"""Pipelines of Beam's as tasks: `luigi.contrib.beam_dataflow`, with programs that take a pipeline's arguments."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.beam_dataflow import BeamDataflowJobTask, DataflowParamKeys, PipelineFailed, PipelineInvalid
from luigi.contrib.bigquery import BigQueryTarget
from luigi.errors import KernelError
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

CONSOLE = "https://console.cloud.google.com/dataflow/jobs/europe-west1/2026-11-22_01-2?project=my-project"
OPTIONS = [name for name, member in vars(DataflowParamKeys).items() if isinstance(member, property)]
PIPELINE = """
# Stands in for a pipeline of Beam's run by the DirectRunner: counts the words of --input, into --output.
import collections, glob, pathlib, sys
given = dict(word[2:].split("=", 1) for word in sys.argv[1:])
counts = collections.Counter()
for pattern in given["input"].split(","):
    for path in glob.glob(pattern):
        counts.update(pathlib.Path(path).read_text().split())
folder = pathlib.Path(given["output"])
folder.mkdir()
(folder / "part-0").write_text("".join(f"{word} {counts[word]}\\n" for word in sorted(counts)))
"""


def named(prefix: str) -> DataflowParamKeys:
    """Names of all options, each known by its prefix."""
    return type("BeamTestKeys", (DataflowParamKeys,), {name: prefix + name for name in OPTIONS})()


class BeamPart(luigi.ExternalTask):
    """A folder that is there."""

    path = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)


class BeamOverlap(BeamPart):
    """Has several outputs."""

    def output(self) -> Any:
        return [luigi.LocalTarget(self.path + "/a"), luigi.LocalTarget(self.path + "/b")]


class BeamRecorded(BeamDataflowJobTask):
    """Its program is not run; what is called is kept."""

    dataflow_params = named("")
    required: Any = ()
    written: Any = luigi.LocalTarget("out")
    valid = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said: list[Any] = []
        self.cmd_line_runner = self

    @property
    def command(self) -> list[str]:
        """What would have been run."""
        self.said.clear()
        BeamDataflowJobTask.run(self)
        (command,) = [said for said in self.said if isinstance(said, list)]
        return command[1:]

    def run(self, *called: Any) -> None:
        """As task, and as what runs its command line."""
        if called:
            self.said.append(called[0])
        else:
            super().run()

    def requires(self) -> Any:
        return self.required

    def output(self) -> Any:
        return self.written

    def dataflow_executable(self) -> Sequence[str]:
        return ["pipeline"]

    def before_run(self) -> None:
        self.said.append("before")

    def on_successful_run(self) -> None:
        self.said.append("ran")

    def validate_output(self) -> bool:
        self.said.append("validates")
        return self.valid

    def on_successful_output_validation(self) -> None:
        self.said.append("valid")

    def cleanup_on_error(self, error: Exception) -> None:
        self.said.append(error)


def recorded(**attributes: Any) -> BeamRecorded:
    """A task with these attributes, no other's instance."""
    made: type[BeamRecorded] = type("BeamRecordedOnce", (BeamRecorded,), attributes)
    return made()


class TestCommandLine:
    def test_options_have_the_names_of_the_languages_and_an_order(self) -> None:
        values = {name: f"a {name}" for name in OPTIONS} | {"labels": {"team": "x", "tier": "y z"}}
        first, *rest = recorded(dataflow_params=named("K_"), **values).command[:-1]
        assert first == "--K_runner=a runner"
        assert rest[-1] == '--K_labels={"team": "x", "tier": "y z"}'
        assert [word.partition("=")[0] for word in rest[:-1]] == [
            *("--K_project", "--K_zone", "--K_region", "--K_staging_location", "--K_temp_location"),
            *("--K_gcp_temp_location", "--K_num_workers", "--K_autoscaling_algorithm", "--K_max_num_workers"),
            *("--K_disk_size_gb", "--K_worker_machine_type", "--K_worker_disk_type", "--K_network"),
            *("--K_subnetwork", "--K_job_name", "--K_service_account"),
        ]

    def test_what_has_no_value_is_not_given(self) -> None:
        task = recorded(runner="DataflowRunner", project="p", num_workers=3, disk_size_gb=0, zone="", labels={})
        assert task.command == ["--runner=DataflowRunner", "--project=p", "--num_workers=3", "--output=out"]

    def test_without_a_runner_it_is_the_one_of_this_machine(self, caplog: pytest.LogCaptureFixture) -> None:
        assert recorded().command == ["--runner=DirectRunner", "--output=out"]
        assert "names no runner" in caplog.text

    def test_any_runner_of_beams_can_be_named(self) -> None:
        assert recorded(runner="FlinkRunner").command[0] == "--runner=FlinkRunner"

    @pytest.mark.parametrize(
        ("required", "words"),
        [
            ([], []),
            (BeamPart(path="in/x"), ["--input=in/x/part-*"]),
            ([BeamPart(path="x"), BeamPart(path="y")], ["--input=x/part-*,y/part-*"]),
            (BeamOverlap(path="z"), ["--input=z/a/part-*,z/b/part-*"]),
            ({"left": BeamPart(path="x"), "right": [BeamPart(path="y"), BeamPart(path="w")]},
             ["--left=x/part-*", "--right=y/part-*,w/part-*"]),
        ],
    )  # fmt: skip
    def test_inputs(self, required: Any, words: list[str]) -> None:
        assert recorded(required=required).command == ["--runner=DirectRunner", *words, "--output=out"]

    def test_files_of_an_input_are_called_as_the_pattern_of_its_name_says(self) -> None:
        class BeamPatterns(BeamRecorded):
            required = {"left": BeamPart(path="x"), "right": BeamPart(path="y"), "file": BeamPart(path="z.avro")}

            def file_pattern(self) -> Mapping[str, str]:
                return {"left": "*.avro", "file": ""}

        assert BeamPatterns().command[1:4] == ["--left=x/*.avro", "--right=y/part-*", "--file=z.avro"]

    def test_patterns_are_a_dict(self) -> None:
        with pytest.raises(PipelineInvalid, match="not a dict"):
            recorded(file_pattern=lambda self: "*.avro").run()

    def test_outputs_have_the_names_of_a_dict(self) -> None:
        written = {"good": luigi.LocalTarget("a b"), "bad": luigi.LocalTarget("c")}
        assert recorded(written=written).command[1:] == ["--good=a b", "--bad=c"]

    def test_a_table_is_named_as_beam_does_and_has_no_files(self) -> None:
        class BeamTable(BeamPart):
            def output(self) -> Any:
                return BigQueryTarget("project", "dataset", self.path, client=object())

        target = BigQueryTarget("project", "dataset", "to", client=object())
        task = recorded(required=BeamTable(path="from"), written=target)
        assert task.command[1:] == ["--input=project:dataset.from", "--output=project:dataset.to"]
        assert BeamDataflowJobTask.get_target_path(target) == "project:dataset.to"

    @pytest.mark.parametrize("written", [[luigi.LocalTarget("a")], {"a": [luigi.LocalTarget("b")]}, luigi.Target])
    def test_other_outputs_are_refused(self, written: Any) -> None:
        with pytest.raises(ValueError, match="cannot be told of") as error:
            recorded(written=written).run()
        assert isinstance(error.value, KernelError)
        assert error.value.hint

    def test_own_arguments_stand_between_options_and_inputs(self) -> None:
        task = recorded(args=lambda self: ["--since=2026 11", 3], required=BeamPart(path="x"))
        assert task.command == ["--runner=DirectRunner", "--since=2026 11", "3", "--input=x/part-*", "--output=out"]

    def test_secrets_stay_out_of_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "luigi-interface")
        task = recorded(args=lambda self: ["--dbPassword=hunter2"])
        assert "--dbPassword=hunter2" in task.command
        assert "--dbPassword=" in caplog.text
        assert "hunter2" not in caplog.text


class TestHooks:
    def test_all_goes_well(self) -> None:
        task = recorded()
        task.run()
        assert [said for said in task.said if isinstance(said, str)] == ["before", "ran", "validates", "valid"]

    def test_what_is_not_valid_is_cleaned_up_and_an_error(self) -> None:
        task = recorded(valid=False)
        with pytest.raises(ValueError, match="not valid") as error:
            task.run()
        assert task.said[-2:] == ["validates", error.value]

    def test_what_fails_is_cleaned_up_and_not_validated(self) -> None:
        class Broken:
            @staticmethod
            def run(cmd: Sequence[str], task: Task) -> None:
                raise ConnectionError("quota")

        task = recorded()
        task.cmd_line_runner = Broken  # type: ignore[assignment]
        with pytest.raises(ConnectionError) as error:
            task.run()
        assert task.said == ["before", error.value]

    def test_without_names_of_options_it_says_what_to_write(self) -> None:
        with pytest.raises(PipelineInvalid, match="not DataflowParamKeys") as error:
            recorded(dataflow_params={})
        assert "derive" in error.value.hint

    def test_an_option_without_a_name_and_a_task_without_a_program_cannot_be_made(self) -> None:
        with pytest.raises(TypeError, match="abstract"):
            type("BeamFewKeys", (DataflowParamKeys,), {"runner": "r"})()
        with pytest.raises(TypeError, match="dataflow_executable"):
            type("BeamNoProgram", (BeamDataflowJobTask,), {"dataflow_params": named("")})()


class BeamShell(BeamDataflowJobTask):
    """A pipeline that is lines of a shell."""

    dataflow_params = named("")
    lines = luigi.Parameter()

    def dataflow_executable(self) -> Sequence[str]:
        return ["sh", "-c", self.lines, "pipeline"]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("out")

    def complete(self) -> bool:
        return bool(getattr(self, "was_run", False))

    def on_successful_run(self) -> None:
        self.was_run = True


class TestBeamJobs(RemoteJobContract):
    last_words = "the worker is out of disk"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self._pid = tmp_path / "pid"

    def succeeding(self) -> Task:
        return BeamShell(lines=f"echo navigate to {CONSOLE}")

    def failing(self) -> Task:
        return BeamShell(lines="echo the worker is out of disk >&2; exit 3")

    def endless(self) -> Task:
        return BeamShell(lines=f"echo $$ > {self._pid}; exec sleep 600")

    def is_running(self, task: Task) -> bool:
        pid = self._pid.read_text().strip() if self._pid.exists() else ""
        state = subprocess.run(["ps", "-o", "stat=", "-p", pid or "0"], capture_output=True, text=True, check=False)
        return state.stdout.strip()[:1] not in ("", "Z")


@pytest.mark.parametrize(
    "url",
    [CONSOLE, "https://console.cloud.google.com/dataflow/jobsDetail/locations/europe-west1/jobs/2026-11-22_01-2"
     "?project=my-project"],
)  # fmt: skip
def test_a_job_in_dataflow_is_cancelled_with_its_task(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    gcloud = tmp_path / "gcloud"
    gcloud.write_text(f'#!/bin/sh\n# Stands in for Google\'s command line.\nprintf "%s\\n" "$@" > {said}\n')
    gcloud.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    class BeamGivenUp(BeamShell):
        def set_tracking_url(self, tracking_url: str) -> None:
            assert tracking_url == url
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        BeamGivenUp(lines=f"echo navigate to {url}; exec sleep 600").run()
    assert said.read_text().split() == [
        *("dataflow", "jobs", "cancel", "2026-11-22_01-2", "--region=europe-west1", "--project=my-project")
    ]


def test_words_are_counted(tmp_path: Path) -> None:
    program, text = tmp_path / "pipeline.py", tmp_path / "text"
    program.write_text(PIPELINE)
    text.mkdir()
    (text / "part-1").write_text("to be or\nnot to be")
    (text / "other").write_text("ignored")

    class BeamWords(BeamDataflowJobTask):
        dataflow_params = named("")

        def requires(self) -> Any:
            return BeamPart(path=str(text))

        def output(self) -> luigi.LocalTarget:
            return luigi.LocalTarget(tmp_path / "counts")

        def dataflow_executable(self) -> Sequence[str]:
            return [sys.executable, str(program)]

    assert luigi.build([BeamWords()], local_scheduler=True)
    assert (tmp_path / "counts" / "part-0").read_text() == "be 2\nnot 1\nor 1\nto 2\n"


def test_what_the_program_prints_is_logged_as_it_comes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "luigi-interface")
    BeamShell(lines='echo one; echo two >&2; echo "$@"').run()
    assert sorted(caplog.messages[-3:]) == ["--runner=DirectRunner --output=out", "one", "two"]


def test_the_error_has_no_secret_and_travels_between_processes() -> None:
    error = PipelineFailed(["run", "--token=hunter2"], 3, "no space left\n")
    assert "hunter2" not in f"{error} {error!r} {json.dumps(error.cmd)}"
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert str(error).splitlines()[1:] == ["the last that it printed:", "no space left"]
    assert again.returncode == 3
