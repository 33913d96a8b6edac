"""A task that runs a pipeline of Apache Beam's."""

from __future__ import annotations

import json
import logging
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import luigi
from luigi.contrib._beam import targets
from luigi.contrib._beam.keys import NAMES, DataflowParamKeys
from luigi.contrib._beam.pipeline import CmdLineRunner
from luigi.contrib._jobs.redaction import redacted
from luigi.errors import KernelError
from luigi.task import MixinNaiveBulkComplete

logger = logging.getLogger("luigi-interface")

DIRECT: Final = "DirectRunner"


class PipelineInvalid(KernelError, ValueError):
    """A task does not say what its pipeline needs, or what the pipeline wrote is not valid."""


class BeamDataflowJobTask(MixinNaiveBulkComplete, luigi.Task):
    """Runs a program that is a pipeline, on this machine or in Google's Dataflow.

        class CountWords(BeamDataflowJobTask):
            dataflow_params = JavaKeys()
            runner = "DataflowRunner"
            project = "my-project"

            def dataflow_executable(self):
                return ["java", "-cp", "words.jar", "org.example.CountWords"]

    The program is given --OPTION=VALUE for each attribute below that has a value, what `args` gives, and
    --input=PLACE, --output=PLACE, or the names of a dict.
    """

    dataflow_params: ClassVar[Any] = None
    """DataflowParamKeys: what the options are called."""
    runner: ClassVar[str | None] = None
    """DirectRunner when there is none."""
    project: ClassVar[str | None] = None
    zone: ClassVar[str | None] = None
    region: ClassVar[str | None] = None
    staging_location: ClassVar[str | None] = None
    temp_location: ClassVar[str | None] = None
    gcp_temp_location: ClassVar[str | None] = None
    num_workers: ClassVar[int | None] = None
    autoscaling_algorithm: ClassVar[str | None] = None
    max_num_workers: ClassVar[int | None] = None
    disk_size_gb: ClassVar[int | None] = None
    worker_machine_type: ClassVar[str | None] = None
    worker_disk_type: ClassVar[str | None] = None
    job_name: ClassVar[str | None] = None
    service_account: ClassVar[str | None] = None
    network: ClassVar[str | None] = None
    subnetwork: ClassVar[str | None] = None
    labels: ClassVar[Mapping[str, str]] = {}
    cmd_line_runner: ClassVar[Any] = CmdLineRunner
    """Its `run(command, task)` runs the program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not isinstance(self.dataflow_params, DataflowParamKeys):
            raise PipelineInvalid(
                f"{type(self).__name__}.dataflow_params is {self.dataflow_params!r}, not DataflowParamKeys",
                hint="derive a class from DataflowParamKeys that gives each option its name, and make an instance",
            )

    @abstractmethod
    def dataflow_executable(self) -> Sequence[str]:
        """The program, and its first arguments: ["java", "-cp", "words.jar", "org.example.CountWords"]."""

    def args(self) -> Sequence[str]:
        """More arguments, each as the program takes it: "--name=value"."""
        return []

    def before_run(self) -> None:
        """Called before the pipeline."""

    def on_successful_run(self) -> None:
        """Called when its program has ended well."""

    def validate_output(self) -> bool:
        """Whether what it wrote is what it should be; asked after `on_successful_run`."""
        return True

    def on_successful_output_validation(self) -> None:
        """Called when it is."""

    def cleanup_on_error(self, error: Exception) -> None:
        """Called when the program failed, or what it wrote is not valid."""

    def file_pattern(self) -> Mapping[str, str]:
        """By the name of an input, what its files are called: part-* for those not named, "" for the input itself."""
        return {}

    @staticmethod
    def get_target_path(target: Any) -> str:
        """What the pipeline is told of a target: its path, or PROJECT:DATASET.TABLE."""
        return targets.place(target)

    def run(self) -> None:
        """Run it. Raises PipelineFailed, PipelineInvalid, ProgramMissing."""
        command = [str(word) for word in self._command()]
        logger.info("%s", " ".join(redacted(command)))
        self.before_run()
        self._attempt(command)
        self.on_successful_run()
        if not self.validate_output():
            error = PipelineInvalid(f"what the pipeline of {self} wrote is not valid: its validate_output() says so")
            self.cleanup_on_error(error)
            raise error
        self.on_successful_output_validation()

    def _attempt(self, command: Sequence[str]) -> None:
        try:
            self.cmd_line_runner.run(command, self)
        except Exception as error:
            self.cleanup_on_error(error)
            raise

    def _command(self) -> Iterator[Any]:
        yield from self.dataflow_executable()
        yield from self._options()
        yield from self.args()
        yield from targets.inputs(self.input(), self._patterns())
        yield from targets.outputs(self.output())

    def _options(self) -> Iterator[str]:
        if not self.runner:
            logger.warning("%s names no runner: its pipeline runs on this machine, by the %s", self, DIRECT)
        given = {name: getattr(self, name) for name in NAMES}
        given |= {"runner": self.runner or DIRECT, "labels": json.dumps(self.labels) if self.labels else None}
        for name, value in given.items():
            if value:
                yield f"--{getattr(self.dataflow_params, name)}={value}"

    def _patterns(self) -> Mapping[str, str]:
        patterns = self.file_pattern()
        if not isinstance(patterns, Mapping):
            raise PipelineInvalid(f"file_pattern() of {self} gives {patterns!r}, not a dict from names of inputs")
        return patterns
