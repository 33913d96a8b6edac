"""The events of one run, made by its worker of the moments it is told of: one for the run, one for each attempt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import luigi
from luigi.plugins.observers.openlineage import identity
from luigi.plugins.observers.openlineage.datasets import DatasetName, dataset_of
from luigi.private_values import masked
from luigi.structure import flatten

if TYPE_CHECKING:
    from openlineage.client.event_v2 import Job, RunEvent

    from luigi.task import Task
    from luigi.worker.record import RunRecord

PRODUCER = f"{identity.PROJECT}/{luigi.__version__}"

MOST_DATASETS = 1_000
"""Inputs and outputs in one event: a wrapper may require a hundred thousand tasks."""

LONGEST_TRACE = 10_000
"""Characters of what a failure said, from its end."""

logger = logging.getLogger("luigi.plugins")


@dataclass(slots=True)
class _Attempt:
    """One that goes on."""

    run_id: str
    family: str


@dataclass(slots=True)
class Events:
    """Makes the events of one run. Times are seconds since the epoch."""

    namespace: str
    """Of jobs."""
    record: RunRecord
    emit: Callable[[RunEvent], None]
    parent: tuple[str, str, str] | None = None
    """What the run itself is part of: namespace and name of that job, and its run's id."""
    _open: dict[str, _Attempt] = field(default_factory=dict)
    _unnamed: set[str] = field(default_factory=set)
    """Families whose targets could not be asked for."""

    # --- moments -----------------------------------------------------------------------------------------------

    def run_started(self, at: float) -> None:
        """The run has begun."""
        self._of_run("START", at)

    def attempt_started(self, task_id: str, family: str, token: int, at: float) -> None:
        """A task was handed to the executor."""
        if task_id in self._open:
            self._ended(task_id, "ABORT", at, "it was taken from this worker")
        run_id = identity.of_attempt(self.record.run_id, task_id, token)
        self._open[task_id] = _Attempt(run_id, family)
        self._of_attempt(self._open[task_id], task_id, "START", at)

    def attempt_succeeded(self, task_id: str, at: float) -> None:
        """The task is done."""
        self._ended(task_id, "COMPLETE", at)

    def attempt_failed(self, task_id: str, at: float, said: str) -> None:
        """An attempt failed; there may be another."""
        self._ended(task_id, "FAIL", at, said or "it failed")

    def run_finished(self, at: float) -> None:
        """The worker has nothing left to do."""
        for task_id in list(self._open):
            self._ended(task_id, "ABORT", at, "the run ended before it did")
        failed = any(seen.failures and not seen.ran for seen in self.record.seen.values())
        self._of_run("COMPLETE" if self.record.scheduling_succeeded and not failed else "FAIL", at)

    # --- events ------------------------------------------------------------------------------------------------

    def _ended(self, task_id: str, kind: str, at: float, error: str = "") -> None:
        attempt = self._open.pop(task_id, None)
        if attempt is not None:
            self._of_attempt(attempt, task_id, kind, at, error)

    def _of_run(self, kind: str, at: float) -> None:
        facets = {} if self.parent is None else {"parent": _parent(*self.parent)}
        job = self._job(self._run_name(), "RUN")
        self._emit(kind, at, identity.of_run(self.record.run_id), facets, job)

    def _of_attempt(self, attempt: _Attempt, task_id: str, kind: str, at: float, error: str = "") -> None:
        run_id = identity.of_run(self.record.run_id)
        facets: dict[str, Any] = {"parent": _parent(self.namespace, self._run_name(), run_id)}
        if error:
            facets["errorMessage"] = _error(self._masked(task_id, error))
        inputs, outputs = self._datasets(task_id)
        self._emit(kind, at, attempt.run_id, facets, self._job(attempt.family, "TASK"), inputs, outputs)

    def _emit(
        self,
        kind: str,
        at: float,
        run_id: str,
        facets: dict[str, Any],
        job: Job,
        inputs: Iterable[DatasetName] = (),
        outputs: Iterable[DatasetName] = (),
    ) -> None:
        from openlineage.client.event_v2 import InputDataset, OutputDataset, Run, RunEvent, RunState
        from openlineage.client.facet_v2 import processing_engine_run

        engine = processing_engine_run.ProcessingEngineRunFacet(luigi.__version__, "luigi-kernel", producer=PRODUCER)
        self.emit(
            RunEvent(
                eventType=RunState(kind),
                eventTime=datetime.fromtimestamp(at, UTC).isoformat(),
                run=Run(run_id, {"processing_engine": engine, **facets}),
                job=job,
                inputs=[InputDataset(*name) for name in inputs],
                outputs=[OutputDataset(*name) for name in outputs],
                producer=PRODUCER,
            )
        )

    def _job(self, name: str, kind: str) -> Job:
        from openlineage.client.event_v2 import Job
        from openlineage.client.facet_v2 import job_type_job

        facet = job_type_job.JobTypeJobFacet("BATCH", "LUIGI", kind, producer=PRODUCER)
        return Job(self.namespace, name, {"jobType": facet})

    def _run_name(self) -> str:
        """The same for each run that is asked for the same kinds of tasks."""
        families = sorted({str(root.task_family) for root in self.record.roots})
        return "run." + "+".join(families)[:200]

    # --- what tasks read and write -----------------------------------------------------------------------------

    def _datasets(self, task_id: str) -> tuple[list[DatasetName], list[DatasetName]]:
        seen = self.record.seen.get(task_id)
        if seen is None:
            return [], []
        known = [self.record.seen[dep].task for dep in seen.deps if dep in self.record.seen]
        needs = known if len(known) == len(seen.deps) and not seen.foreign else seen.task.deps()
        return self._names(needs), self._names([seen.task])

    def _names(self, tasks: Iterable[Task]) -> list[DatasetName]:
        """Of the outputs of `tasks`, each once."""
        found = chain.from_iterable(map(self._outputs, tasks))
        return list(dict.fromkeys(islice(found, MOST_DATASETS)))

    def _outputs(self, task: Task) -> list[DatasetName]:
        try:
            names = [dataset_of(target) for target in flatten(task.output())]
        except Exception as error:  # a program's own output(), in a thread where it has never been called
            if task.task_family not in self._unnamed:
                self._unnamed.add(task.task_family)
                logger.warning("openlineage: what %s writes cannot be told: %r", task.task_family, error)
            return []
        return [DatasetName(*(masked(task, part) for part in name)) for name in names if name is not None]

    def _masked(self, task_id: str, text: str) -> str:
        seen = self.record.seen.get(task_id)
        return masked(seen.task, text) if seen is not None else text


def _parent(namespace: str, name: str, run_id: str) -> Any:
    from openlineage.client.facet_v2 import parent_run

    run, job = parent_run.Run(run_id), parent_run.Job(namespace, name)
    return parent_run.ParentRunFacet(run, job, producer=PRODUCER)


def _error(text: str) -> Any:
    from openlineage.client.facet_v2 import error_message_run

    last = text.strip().rpartition("\n")[2]
    return error_message_run.ErrorMessageRunFacet(last, "PYTHON", text[-LONGEST_TRACE:], producer=PRODUCER)
