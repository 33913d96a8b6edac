"""Pig: scripts as tasks.

class DailyVisits(PigJobTask):
    day = luigi.DateParameter()

    def pig_script_path(self):
        return "visits.pig"

    def pig_parameters(self):
        return {"DAY": self.day, "OUTPUT": self.output().path}

    def output(self):
        return HdfsTarget(f"/visits/{self.day}")
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import luigi
from luigi.configuration import get_config
from luigi.contrib._pig import files
from luigi.contrib._pig.errors import PigJobError
from luigi.contrib._pig.following import PigRunContext, follow

__all__ = ["PigJobError", "PigJobTask", "PigRunContext"]


class PigJobTask(luigi.Task):
    """Runs a script of Pig's."""

    def pig_home(self) -> str:
        """The folder that Pig is installed in; by default `[pig] home`."""
        return str(get_config().get("pig", "home", "/usr/share/pig"))

    def pig_command_path(self) -> str:
        """The program; by default `bin/pig` in `pig_home()`."""
        return os.path.join(self.pig_home(), "bin/pig")

    def pig_script_path(self) -> str:
        """The path of the script."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it runs: write its pig_script_path()")

    def pig_env_vars(self) -> Mapping[str, str]:
        """Environment variables of Pig's, beside PIG_HOME and the worker's."""
        return {}

    def pig_properties(self) -> Mapping[str, Any]:
        """Properties of Pig and Hadoop, by name; they go by a file that only this user can read."""
        return {}

    def pig_parameters(self) -> Mapping[str, Any]:
        """Parameters of the script, `$NAME` in it; they go by a file that only this user can read."""
        return {}

    def pig_options(self) -> Sequence[str]:
        """More arguments of the program: ["-x", "local"]."""
        return []

    def output(self) -> Any:
        """What the script makes."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its script makes: write its output()")

    def run(self) -> None:
        """Run the script. Raises PigJobError when it fails, ProgramMissing where there is no Pig."""
        with self._command() as cmd:
            self.track_and_progress(cmd)

    def track_and_progress(self, cmd: Sequence[str]) -> None:
        """Run a command line of Pig's, and report where its job can be followed and how far it is."""
        follow(cmd, {**os.environ, "PIG_HOME": self.pig_home(), **self.pig_env_vars()}, self)

    @contextmanager
    def _command(self) -> Iterator[list[str]]:
        """The command line; the files that it names are there as long as this lasts."""
        parameters, properties = self.pig_parameters(), self.pig_properties()
        with tempfile.TemporaryDirectory(prefix="luigi-pig-") as folder:
            cmd = [self.pig_command_path(), *self.pig_options()]
            if parameters:
                cmd += ["-param_file", _written(folder, "parameters", files.parameters(parameters))]
            if properties:
                cmd += ["-propertyFile", _written(folder, "pig.properties", files.properties(properties))]
            yield [*cmd, "-f", self.pig_script_path()]


def _written(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path
