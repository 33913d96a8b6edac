"""BigQuery: a client, a target, and tasks that load, ask and extract tables.

`pip install "luigi-kernel[bigquery]"` brings what it needs. Credentials, endpoint and the like are in the section
`[bigquery]`.
"""

from __future__ import annotations

from typing import Any

from luigi.contrib._bigquery.bulk import MixinBigQueryBulkComplete
from luigi.contrib._bigquery.client import BigQueryClient
from luigi.contrib._bigquery.errors import BigQueryExecutionError, NoName, NoTable, WrongLocation
from luigi.contrib._bigquery.extract_task import BigQueryExtractTask
from luigi.contrib._bigquery.load_task import BigQueryLoadTask
from luigi.contrib._bigquery.query_tasks import BigQueryCreateViewTask, BigQueryRunQueryTask
from luigi.contrib._bigquery.settings import SECTION, Settings
from luigi.contrib._bigquery.tables import BQDataset, BQTable
from luigi.contrib._bigquery.target import BigQueryTarget
from luigi.contrib._bigquery.words import (
    Compression,
    CreateDisposition,
    DestinationFormat,
    Encoding,
    FieldDelimiter,
    PrintHeader,
    QueryMode,
    SourceFormat,
    WriteDisposition,
)
from luigi.contrib._cloud.errors import Refused, Unreachable
from luigi.contrib._gcs.errors import is_error_5xx
from luigi.contrib._gcs.retrying import gcs_retry as bq_retry
from luigi.contrib._gcs.retrying import retryable_errors
from luigi.contrib._google.errors import NotThere, NotUnderstood
from luigi.task import ExternalTask

__all__ = [
    "SECTION",
    "BQDataset",
    "BQTable",
    "BigQueryClient",
    "BigQueryCreateViewTask",
    "BigQueryExecutionError",
    "BigQueryExtractTask",
    "BigQueryLoadTask",
    "BigQueryRunQueryTask",
    "BigQueryTarget",
    "BigqueryClient",
    "BigqueryCreateViewTask",
    "BigqueryLoadTask",
    "BigqueryRunQueryTask",
    "BigqueryTarget",
    "Compression",
    "CreateDisposition",
    "DestinationFormat",
    "Encoding",
    "ExternalBigQueryTask",
    "ExternalBigqueryTask",
    "FieldDelimiter",
    "MixinBigQueryBulkComplete",
    "MixinBigqueryBulkComplete",
    "NoName",
    "NoTable",
    "NotThere",
    "NotUnderstood",
    "PrintHeader",
    "QueryMode",
    "Refused",
    "Settings",
    "SourceFormat",
    "Unreachable",
    "WriteDisposition",
    "WrongLocation",
    "bq_retry",
    "is_error_5xx",
]


class ExternalBigQueryTask(MixinBigQueryBulkComplete, ExternalTask):
    """A table that somebody else makes: give `output()`."""


BigqueryClient = BigQueryClient  # Luigi's names of long ago
BigqueryTarget = BigQueryTarget
MixinBigqueryBulkComplete = MixinBigQueryBulkComplete
BigqueryLoadTask = BigQueryLoadTask
BigqueryRunQueryTask = BigQueryRunQueryTask
BigqueryCreateViewTask = BigQueryCreateViewTask
ExternalBigqueryTask = ExternalBigQueryTask


def __getattr__(name: str) -> Any:
    if name == "RETRYABLE_ERRORS":  # it has classes of a package that may not be installed
        return retryable_errors()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
