"""The names of tables and of datasets."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from luigi.contrib._bigquery.errors import NoName

IN_NO_NAME: Final = re.compile(r"[/?#%&\\\x00-\x1f]|^\.*$")
"""What would lead elsewhere: Google's client puts names into addresses as they are."""


def name(text: str) -> str:
    """A name that may be part of an address. Raises NoName."""
    if IN_NO_NAME.search(text):
        raise NoName(text)
    return text


class BQDataset(NamedTuple):
    """A dataset; `location` is where it has to be, or None where that does not matter."""

    project_id: str
    dataset_id: str
    location: str | None = None

    @property
    def reference(self) -> dict[str, str]:
        """As the service names it. Raises NoName."""
        return {"projectId": name(self.project_id), "datasetId": name(self.dataset_id)}

    def __str__(self) -> str:
        return f"{self.project_id}:{self.dataset_id}"


class BQTable(NamedTuple):
    """A table or a view, and where its dataset has to be."""

    project_id: str
    dataset_id: str
    table_id: str
    location: str | None = None

    @property
    def dataset(self) -> BQDataset:
        """The dataset that it is in."""
        return BQDataset(self.project_id, self.dataset_id, self.location)

    @property
    def uri(self) -> str:
        """As an address: bq://project/dataset/table."""
        return f"bq://{self.project_id}/{self.dataset_id}/{self.table_id}"

    @property
    def reference(self) -> dict[str, str]:
        """As the service names it. Raises NoName."""
        return {**self.dataset.reference, "tableId": name(self.table_id)}

    def __str__(self) -> str:
        return f"{self.dataset}.{self.table_id}"
