"""HadoopJobRunner: a JobTask by Hadoop's streaming."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

from luigi.contrib._hadoop.errors import UnfitTarget
from luigi.contrib._hadoop.files import Taken, taken
from luigi.contrib._hadoop.following import follow
from luigi.contrib._hadoop.outputs import beside, moved_when_whole, only_output
from luigi.contrib._hadoop.packages import attached
from luigi.contrib._hadoop.runner import JobRunner
from luigi.contrib._hadoop.settings import hadoop, history_filename, streaming_jar
from luigi.contrib._travel import luggage
from luigi.contrib.hdfs import HdfsTarget, get_autoconfig_client, load_hadoop_cmd
from luigi.structure import flatten

RUNNER: Final = "luigi.contrib.mrrunner"
BINARY: Final = "mrrunner.pex"


class HadoopJobRunner(JobRunner):
    """Sends a JobTask with its code to Hadoop, and waits for the job's end.

    Its output is written beside its place, and moved there when it is whole; with `end_job_with_atomic_move_dir=False`
    it is written there at once, as it has to be in stores that cannot move.
    """

    def __init__(
        self,
        streaming_jar: str,
        modules: Sequence[ModuleType | str] | None = None,
        streaming_args: Sequence[str] | None = None,
        libjars: Sequence[str] | None = None,
        libjars_in_hdfs: Sequence[str] | None = None,
        jobconfs: Mapping[str, str] | None = None,
        input_format: str | None = None,
        output_format: str | None = None,
        end_job_with_atomic_move_dir: bool = True,
        archives: Sequence[str] | None = None,
    ) -> None:
        self.streaming_jar = streaming_jar
        self.modules = list(modules or [])
        self.streaming_args = list(streaming_args or [])
        self.libjars = list(libjars or [])
        self.libjars_in_hdfs = list(libjars_in_hdfs or [])
        self.jobconfs = dict(jobconfs or {})
        self.input_format = input_format
        self.output_format = output_format
        self.end_job_with_atomic_move_dir = end_job_with_atomic_move_dir
        self.archives = list(archives or [])
        self.tmp_dir: str | None = None

    def run_job(self, job: Any, tracking_url_callback: Callable[[str], Any] | None = None) -> None:
        """Run the JobTask to its end. Raises HadoopJobError, UnfitTarget, and what keeps a task from travelling."""
        output, inputs = self._output(job), [_path(target) for target in flatten(job.input_hadoop())]
        self.tmp_dir = tempfile.mkdtemp(prefix="luigi-hadoop-")
        try:
            moves = [beside(output)] if self.end_job_with_atomic_move_dir else []
            written = moves[0].written.path if moves else output.path
            with moved_when_whole(moves):
                *_, job_id = follow(self._command(job, inputs, written), tracking_url_callback, None, job)
                _write_history(written, job_id)
        finally:
            self.finish()

    def finish(self) -> None:
        """Remove what is no longer needed of this machine's files."""
        if self.tmp_dir is not None:
            shutil.rmtree(self.tmp_dir, ignore_errors=True)
            self.tmp_dir = None

    def _output(self, job: Any) -> Any:
        output = only_output(job)
        _path(output)
        if self.end_job_with_atomic_move_dir and not isinstance(output, HdfsTarget):
            hint = "give HadoopJobRunner end_job_with_atomic_move_dir=False, and the task a flag target"
            raise UnfitTarget(f"{output} cannot be written elsewhere first, and then be moved", hint=hint)
        return output

    def _command(self, job: Any, inputs: Sequence[str], output: str) -> list[str]:
        files, call = self._code(job)
        confs = [*job.jobconfs(), *(f"{name}={value}" for name, value in self.jobconfs.items())]
        return [
            *[*load_hadoop_cmd(), "jar", self.streaming_jar],
            *_joined("-libjars", [*self.libjars, *self._fetched()]),
            *_joined("-archives", [*self.archives, *job.extra_archives()]),
            *_joined("-files", [file.option() for file in files]),
            *_each("-D", confs),
            *self.streaming_args,
            *_words(job.extra_streaming_arguments()),
            *["-mapper", call("map")],
            *([] if job.combiner is NotImplemented else ["-combiner", call("combiner")]),
            *([] if job.reducer is NotImplemented else ["-reducer", call("reduce")]),
            *(["-outputformat", self.output_format] if self.output_format else []),
            *(["-inputformat", self.input_format] if self.input_format else []),
            *_each("-input", inputs),
            *["-output", output],
        ]

    def _code(self, job: Any) -> tuple[list[Taken], Callable[[str], str]]:
        """The files that each process of the job needs, and its command line for a step."""
        assert self.tmp_dir is not None
        extra = taken(job.extra_files())
        for file in extra:
            if file.name != file.destination:
                job.add_link(file.name, file.destination)
        python = hadoop().python_executable
        if job.package_binary is not None:
            sealed = job.dump(self.tmp_dir)
            own = [Taken(job.package_binary, BINARY), Taken(sealed.path, os.path.basename(sealed.path))]
            start = [python, BINARY, os.path.basename(sealed.path), sealed.digest]
            return [*own, *extra], lambda step: " ".join([*start, step])
        packed = luggage.pack(job, self.tmp_dir, [*attached(), *self.modules, *job.extra_modules()])
        own = [Taken(path, os.path.basename(path)) for path in packed.files()]
        return [*own, *extra], lambda step: " ".join(packed.command(python, RUNNER, step, folder=""))

    def _fetched(self) -> list[str]:
        """Jars that are in HDFS, which `-libjars` takes from this machine only."""
        assert self.tmp_dir is not None
        for jar in self.libjars_in_hdfs:
            get_autoconfig_client().get(jar, self.tmp_dir)
        return [os.path.join(self.tmp_dir, os.path.basename(jar)) for jar in self.libjars_in_hdfs]


class DefaultHadoopJobRunner(HadoopJobRunner):
    """With the streaming jar that `[hadoop] streaming_jar` names."""

    def __init__(self) -> None:
        super().__init__(streaming_jar=streaming_jar())


def _path(target: Any) -> str:
    from luigi.contrib.gcs import GCSTarget
    from luigi.contrib.s3 import S3Target

    if not isinstance(target, (HdfsTarget, S3Target, GCSTarget)):
        raise UnfitTarget(f"{target!r} is no HdfsTarget, S3Target or GCSTarget: Hadoop cannot read or write it")
    return str(target.path)


def _write_history(output: str, job_id: str | None) -> None:
    if (name := history_filename()) and job_id:
        with HdfsTarget(f"{output.rstrip('/')}/{name}").open("w") as file:
            file.write(json.dumps({"job_id": job_id}))


def _joined(option: str, values: Sequence[str]) -> list[str]:
    return [option, ",".join(values)] if values else []


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _words(arguments: Sequence[str | tuple[str, str]]) -> list[str]:
    return [word for one in arguments for word in ([one] if isinstance(one, str) else one)]
