"""Jobs for Spark: a jar or a Python file that is given to spark-submit."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from luigi.contrib._jobs import program
from luigi.contrib._jobs.ending import ending
from luigi.contrib._jobs.redaction import redacted
from luigi.contrib._spark import command
from luigi.contrib._spark.configured import mapping, pairs, switch, text, words
from luigi.contrib._spark.handed_over import WAIT, HandedOver, is_in_cluster
from luigi.contrib._spark.status import Status
from luigi.contrib.external_program import ExternalProgramTask


class SparkSubmitTask(ExternalProgramTask):
    """Runs an app of Spark's by spark-submit, and fails when that does.

        class TopArtists(SparkSubmitTask):
            app = "top_artists.py"
            master = "local[*]"

            def app_options(self):
                return [self.input().path, self.output().path]

    What is a property here is an option of the section [spark]; a class, or a parameter of that name, comes before.
    Lists are lists of strings, or a string with commas. In cluster mode the task lasts as long as the job does, and
    ends it when it is given up.
    """

    name: ClassVar[str | None] = None
    """What Spark shows it as; by default what the app says."""
    entry_class: ClassVar[str | None] = None
    """The class with the `main` of a jar."""
    app: ClassVar[Any] = None
    """The path of a .jar or .py file."""
    always_log_stderr = False
    stream_for_searching_tracking_url = "stderr"
    tracking_url_pattern = (
        r"(?:tracking URL: |Bound \S+ to .*, and started at |service 'SparkUI' on port )(https?://\S+|\d+)"
    )

    spark_submit = text("spark_submit", "The program.", default="spark-submit")
    master = text("master", "Where: local[*], spark://host:7077, yarn, k8s://…")
    deploy_mode = text("deploy_mode", "Where the driver runs: here (client) or there (cluster).")
    jars = words("jars", "Jars for the class paths of driver and executors.")
    packages = words("packages", "Maven coordinates of jars for the same.")
    py_files = words("py_files", "Python files, .zip or .egg archives for the PYTHONPATH.")
    files = words("files", "Files for the working directory of each executor.")
    conf = pairs("conf", "Spark's properties: a dict, in the configuration NAME=VALUE|NAME=VALUE.")
    properties_file = text("properties_file", "A file of more of them: the place for secrets.")
    driver_memory = text("driver_memory", "Memory of the driver: 1000M, 2G.")
    driver_java_options = text("driver_java_options", "Options of the driver's JVM.")
    driver_library_path = text("driver_library_path", "More entries for its library path.")
    driver_class_path = text("driver_class_path", "More entries for its class path.")
    executor_memory = text("executor_memory", "Memory of each executor.")
    driver_cores = text("driver_cores", "Cores of the driver, in cluster mode.")
    supervise = switch("supervise", "Whether the driver is started again when it fails, in cluster mode.")
    total_executor_cores = text("total_executor_cores", "Cores of all executors: standalone and Mesos.")
    executor_cores = text("executor_cores", "Cores of each executor: YARN and standalone.")
    queue = text("queue", "YARN's queue.")
    num_executors = text("num_executors", "How many executors: YARN and Kubernetes.")
    archives = words("archives", "Archives to unpack in the working directory of each executor.")
    hadoop_conf_dir = text("hadoop_conf_dir", "HADOOP_CONF_DIR of spark-submit.")
    hadoop_user_name: ClassVar[str | None] = None
    """HADOOP_USER_NAME of spark-submit."""
    pyspark_python: ClassVar[str | None] = None
    """The Python of driver and executors."""
    pyspark_driver_python: ClassVar[str | None] = None
    """The driver's Python, where it is another."""
    spark_version = "spark"
    """The section of the configuration that the options are in."""

    def build_tracking_url(self, logs_output: str) -> str:
        """Of a port, which is all that Spark says of its own page, the URL; what is one already stays."""
        host = os.environ.get("SPARK_PUBLIC_DNS") or self._conf().get("spark.driver.host") or socket.getfqdn()
        return f"http://{host}:{logs_output}" if logs_output.isdigit() else logs_output

    def app_options(self) -> Sequence[Any]:
        """The app's own arguments."""
        return []

    def app_command(self) -> list[str]:
        """The app, and its arguments."""
        if not self.app:
            raise NotImplementedError(f"{type(self).__name__} does not say what is run: give it an app (.jar or .py)")
        return [command.program(str(self.app)), *map(str, self.app_options())]

    def spark_command(self) -> list[str]:
        """spark-submit, and its arguments."""
        return [str(self.spark_submit), *command.options(self._given())]

    def program_args(self) -> list[str]:
        """The whole command line."""
        return [*self.spark_command(), *self.app_command()]

    def get_environment(self) -> dict[str, str]:
        """The environment of spark-submit."""
        own = {"HADOOP_CONF_DIR": self.hadoop_conf_dir, "HADOOP_USER_NAME": self.hadoop_user_name}
        return {**os.environ, **{name: str(value) for name, value in own.items() if value}}

    def program_environment(self) -> Mapping[str, str]:
        """The same."""
        return self.get_environment()

    def shown_args(self, args: Sequence[str]) -> Sequence[str]:
        """Without the values of what is a secret by its name."""
        return redacted(args)

    def listeners(self) -> Sequence[program.Hear]:
        """What hears the lines of spark-submit."""
        follow = [Status(self).hear, *([self._handed_over.hear] if is_in_cluster(self) else [])]
        return [*super().listeners(), *follow]

    def run(self) -> None:
        """Submit it, and wait for its end. Raises ExternalProgramRunError, JobFailed, ProgramMissing."""
        self._handed_over = handed_over = HandedOver(self)
        try:
            with ending(handed_over.kill):
                super().run()
        finally:
            del self._handed_over  # what belongs to one try is not to travel with the next
        handed_over.check()

    def _given(self) -> dict[str, Any]:
        given = {option: getattr(self, option) for option in command.OPTIONS if option not in {"class", "conf"}}
        return {**given, "class": self.entry_class, "conf": self._conf()}

    def _conf(self) -> dict[str, Any]:
        waits = is_in_cluster(self) and str(self.master).startswith("spark://")
        pythons = {"python": self.pyspark_python, "driver.python": self.pyspark_driver_python}
        chosen = {f"spark.pyspark.{name}": path for name, path in pythons.items() if path}
        return {**({WAIT: "true"} if waits else {}), **mapping(self.conf), **chosen}
