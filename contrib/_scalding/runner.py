"""ScaldingJobRunner: compiles the source of a task where there is no jar, and runs it on Hadoop."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import luigi
from luigi.contrib._hadoop.following import follow
from luigi.contrib._hadoop.jar_arguments import as_they_are, fix_paths
from luigi.contrib._hadoop.outputs import moved_when_whole
from luigi.contrib._hadoop.runner import JobRunner
from luigi.contrib._scalding.building import HINT, ScaldingBuildError, compile_to_jar, jars_in, job_class_in
from luigi.contrib._scalding.settings import scalding
from luigi.contrib.hdfs import load_hadoop_cmd
from luigi.target import temporary_name


class ScaldingJobRunner(JobRunner):
    """Compiles the source of a task where there is no jar, and runs it on Hadoop."""

    def __init__(self) -> None:
        configured = scalding()
        home = os.environ.get("SCALDING_HOME", "/usr/share/scalding")
        self.scala_home = configured.scala_home or os.environ.get("SCALA_HOME", "/usr/share/scala")
        self.scalding_home = configured.scalding_home or home
        self.provided_dir = configured.scalding_provided or os.path.join(home, "provided")
        self.libjars_dir = configured.scalding_libjars or os.path.join(home, "libjars")
        self.tmp_dir = luigi.LocalTarget(temporary_name(os.path.join(tempfile.gettempdir(), "scalding")))

    def get_scala_jars(self, include_compiler: bool = False) -> list[str]:
        """Scala's own."""
        names = ["scala-library.jar", "scala-reflect.jar", *(["scala-compiler.jar"] if include_compiler else [])]
        return [os.path.join(self.scala_home, "lib", name) for name in names]

    def get_scalding_jars(self) -> list[str]:
        """All of Scalding."""
        return jars_in(os.path.join(self.scalding_home, "lib"))

    def get_scalding_core(self) -> str:
        """The jar that starts jobs. Raises ScaldingBuildError when there is none."""
        for jar in self.get_scalding_jars():
            if os.path.basename(jar).startswith("scalding-core-"):
                return jar
        raise ScaldingBuildError(f"there is no scalding-core-….jar in {self.scalding_home}/lib", hint=HINT)

    def get_provided_jars(self) -> list[str]:
        """Those that the cluster has."""
        return jars_in(self.provided_dir)

    def get_libjars(self) -> list[str]:
        """Those that the cluster is given."""
        return jars_in(self.libjars_dir)

    def get_tmp_job_jar(self, source: str) -> str:
        """Where the jar of a source is made."""
        return os.path.join(self.tmp_dir.path, os.path.splitext(os.path.basename(source))[0] + ".jar")

    def get_build_dir(self, source: str) -> str:
        """Where the classes of a source are made."""
        return os.path.join(self.tmp_dir.path, "build")

    def get_job_class(self, source: str) -> str:
        """The job's class in a source. Raises ScaldingBuildError when there is none."""
        return job_class_in(source)

    def build_job_jar(self, job: Any) -> str:
        """The path of the task's jar, which is made of its source when there is none. Raises ScaldingBuildError."""
        if jar := job.jar():
            if not os.path.exists(jar):
                raise ScaldingBuildError(f"there is no {os.path.abspath(jar)}, which is to be the jar of {job}")
            return str(jar)
        source = job.source()
        if not source:
            raise ScaldingBuildError(f"Both source() and jar() undefined: {job} has nothing to run")
        return self._compiled(source)

    def _compiled(self, source: str) -> str:
        os.makedirs(self.tmp_dir.path, mode=0o700, exist_ok=True)
        jar = self.get_tmp_job_jar(source)
        needed = [*self.get_scalding_jars(), *self.get_provided_jars(), *self.get_libjars()]
        compile_to_jar(source, self.get_scala_jars(include_compiler=True), needed, self.get_build_dir(source), jar)
        return jar

    def run_job(self, job: Any, tracking_url_callback: Callable[[str], Any] | None = None) -> None:
        """Run the task's job to its end. Raises ScaldingBuildError, HadoopJobError, FileAlreadyExists."""
        with self._temporary():
            jars = [self.build_job_jar(job), *self.get_libjars(), *job.extra_jars()]
            core = self.get_scalding_core()
            moves, words = (fix_paths if job.atomic_output() else as_they_are)(job)
            confs = [f"-D{conf}" for conf in job.jobconfs()]
            job_class = job.job_class() or self._class_of_source(job)
            command = [*load_hadoop_cmd(), "jar", core, "-libjars", ",".join(jars), *confs, job_class]
            command += ["--hdfs", "--name", job.task_id, *words]
            before = filter(None, [os.environ.get("HADOOP_CLASSPATH")])
            env = {**os.environ, "HADOOP_CLASSPATH": ":".join([*jars, core, *before])}
            with moved_when_whole(moves):
                follow(command, tracking_url_callback, env, job)

    def _class_of_source(self, job: Any) -> str:
        if not job.source():
            raise ScaldingBuildError(f"{job} does not say the class of its jar", hint="name it by job_class()")
        return self.get_job_class(job.source())

    @contextmanager
    def _temporary(self) -> Iterator[None]:
        try:
            yield
        finally:
            shutil.rmtree(self.tmp_dir.path, ignore_errors=True)
