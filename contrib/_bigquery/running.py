"""What all tasks have in common that are a job of BigQuery."""

from __future__ import annotations

from typing import Any, NoReturn

from luigi.contrib._bigquery.target import BigQueryTarget
from luigi.task import Task


class OneJob:
    """Makes a task one job. Subclasses say which."""

    def configure_job(self, configuration: dict[str, Any]) -> dict[str, Any]:
        """Override this to say more of the job: what is returned is sent, as the service's own `configuration`."""
        return configuration

    def _run_job(self, table: BigQueryTarget, configuration: dict[str, Any]) -> None:
        """Run it where `table` is. Raises BigQueryExecutionError."""
        changed = self.configure_job(configuration)
        body = {"configuration": configuration if changed is None else changed}
        table.client.run_job(table.table.project_id, body, dataset=table.table.dataset)


def unsaid(task: Task, what: str) -> NoReturn:
    """For what every subclass has to say. Raises NotImplementedError."""
    raise NotImplementedError(f"{type(task).__name__} does not say its {what}: write a property or attribute {what}")
