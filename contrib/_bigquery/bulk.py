"""Many tasks of one class, asked at once whether they are complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from luigi.contrib._bigquery.client import BigQueryClient
from luigi.contrib._bigquery.tables import BQDataset
from luigi.contrib._bigquery.target import the_table


class MixinBigQueryBulkComplete:
    """Gives a class whose output is a table `bulk_complete`: one listing for each dataset, not a call for each task."""

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[Any]) -> Iterator[Any]:
        """Those of the parameter values whose table is there. Raises NoTable, and as `BigQueryClient` does."""
        known: dict[BQDataset, frozenset[str]] = {}
        for given in parameter_tuples:
            task = cls._of_parameters(given)
            target = the_table(task, task.output(), "output")
            dataset = target.table.dataset
            if dataset not in known:
                known[dataset] = _tables_in(dataset, target.client)
            if target.table.table_id in known[dataset]:
                yield given

    @classmethod
    def _of_parameters(cls, given: Any) -> Any:
        if isinstance(given, dict):
            return cls(**given)
        return cls(*given) if isinstance(given, list | tuple) else cls(given)  # type: ignore[call-arg]


def _tables_in(dataset: BQDataset, client: BigQueryClient) -> frozenset[str]:
    return frozenset(client.list_tables(dataset)) if client.dataset_exists(dataset) else frozenset()
