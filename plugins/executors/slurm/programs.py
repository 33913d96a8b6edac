"""Slurm's own programs: what is asked of them for arrays of jobs, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.contrib._clusters.errors import ClusterAway, JobRefused
from luigi.contrib._clusters.job import ANSWERS, TAKES
from luigi.contrib._clusters.words import plain
from luigi.contrib._jobs import program
from luigi.contrib.slurm import ENDS

if TYPE_CHECKING:
    from luigi.plugins.executors.slurm import Settings

HINT: Final = "sbatch, squeue and scancel are Slurm's: a machine that submits jobs has them"
MINUTE: Final = 60
SPARE: Final = 2
"""Minutes that Slurm gives a job beyond the task's own time, which the job keeps itself, and tells of."""
CPUS: Final = "cpus"
"""The name among a task's resources that stands for processors; others are those of generic resources (GRES)."""
KINDS: Final = re.compile(r"(?:^|,)([a-z_]\w*)", re.IGNORECASE)
"""Names in what sinfo says of generic resources: `gpu:tesla:2(S:0-1),tape:1`."""


class State(NamedTuple):
    """How a job is."""

    status: str
    """In Slurm's own word."""
    reason: str
    """Why it is so; empty where Slurm gives none."""
    machine: str

    @property
    def is_final(self) -> bool:
        """Whether it stays so."""
        return self.status in ENDS


class Wishes(NamedTuple):
    """What the tasks of one array have in common."""

    needs: tuple[tuple[str, int], ...]
    """Of those names that Slurm knows."""
    timeout: float


class Slurm:
    """Runs them. Methods raise ProgramMissing, TimeoutError and ClusterAway."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def submit(self, script: str, name: str, wishes: Wishes, count: int, output: str) -> str:
        """Have an array of so many jobs run; gives its number. `output` has `%a` for a job's. Raises JobRefused."""
        options = {
            "job-name": plain(name),
            "array": f"0-{count - 1}",
            "output": f"{output}/out",
            "error": f"{output}/err",
            **self._given(),
            **self._wished(wishes),
        }
        words = [f"--{option}={value}" for option, value in options.items()]
        fixed = [
            "sbatch",
            "--parsable",
            "--no-requeue",
            "--nodes=1",
            "--ntasks=1",
        ]  # Slurm runs no task again by itself
        ran = program.run([*fixed, *words, *self._settings.sbatch_arguments, script], timeout=TAKES, hint=HINT)
        number = ran.stdout.strip().partition(";")[0]  # a federation's cluster comes behind
        if ran.code or not number.isdigit():
            raise JobRefused(ran)
        return number

    def states(self, arrays: Iterable[str]) -> Mapping[str, State]:
        """How the jobs of these arrays are, those that Slurm still knows: by ids such as `12_3`."""
        fields = ["--noheader", "--array", "--states=all", "--format=%i|%T|%r|%N"]
        ran = self._asked(["squeue", *fields, f"--jobs={','.join(sorted(set(arrays)))}"])
        if ran.code and "Invalid job id" not in ran.stderr:
            raise ClusterAway(ran)
        return dict(_state(line) for line in ran.stdout.splitlines() if line.count("|") == 3)

    def cancel(self, jobs: Sequence[str]) -> None:
        """End jobs; those that have ended already are no error."""
        ran = self._asked(["scancel", *jobs])
        if ran.code and "Invalid job id" not in ran.stderr and "already complet" not in ran.stderr:
            raise ClusterAway(ran)

    def machines(self) -> str:
        """A line for a person: how many machines there are in which state."""
        ran = self._asked(["sinfo", "--noheader", "--format=%D %T"])
        if ran.code:
            raise ClusterAway(ran)
        return ", ".join(ran.stdout.split("\n")).strip(", ")

    @cached_property
    def offered(self) -> frozenset[str]:
        """The names among a task's resources that the cluster has something for."""
        ran = self._asked(["sinfo", "--noheader", "--format=%G"])
        return frozenset({CPUS, *KINDS.findall(re.sub(r"\(.*?\)", "", ran.stdout.replace("\n", ",")))})

    def wishes(self, needs: Mapping[str, int], timeout: float) -> Wishes:
        """What a task wants of the cluster."""
        known = {name: amount for name, amount in needs.items() if amount > 0 and name in self.offered} if needs else {}
        return Wishes(tuple(sorted(known.items())), timeout)

    def _given(self) -> dict[str, str]:
        settings = self._settings
        given = {"partition": settings.partition, "account": settings.account, "time": settings.runtime}
        return {option: value for option, value in given.items() if value}

    def _wished(self, wishes: Wishes) -> dict[str, object]:
        needs = dict(wishes.needs)
        wished: dict[str, object] = {"cpus-per-task": needs.pop(CPUS)} if CPUS in needs else {}
        if needs:
            wished["gres"] = ",".join(f"{name}:{amount}" for name, amount in needs.items())
        if wishes.timeout:
            wished["time"] = ceil(wishes.timeout / MINUTE) + SPARE
        return wished

    def _asked(self, args: Sequence[str]) -> program.Ran:
        return program.run(args, timeout=ANSWERS, hint=HINT)


def _state(line: str) -> tuple[str, State]:
    job, status, reason, machine = line.split("|")
    return job, State(status, "" if reason == "None" else reason, "" if machine == "(null)" else machine)
