"""BigQueryExtractTask: a table into files of Google Cloud Storage."""

from __future__ import annotations

from typing import Any

from luigi.contrib._bigquery.running import OneJob
from luigi.contrib._bigquery.target import the_table
from luigi.contrib._bigquery.words import Compression, DestinationFormat, FieldDelimiter, PrintHeader
from luigi.task import Task, flatten


class BigQueryExtractTask(OneJob, Task):
    """Write the table that the input is to the files that `output()` is. Override what is to be otherwise."""

    @property
    def destination_uris(self) -> list[str]:
        """Where it goes: gs:// addresses, in each of which one * stands for the numbers of several files."""
        return [target.path for target in flatten(self.output())]

    @property
    def print_header(self) -> bool:
        """Whether the first line of CSV has the names."""
        return PrintHeader.TRUE

    @property
    def field_delimiter(self) -> str:
        """What is between the values of a line of CSV."""
        return FieldDelimiter.COMMA

    @property
    def destination_format(self) -> str:
        """What is written: one of DestinationFormat."""
        return DestinationFormat.CSV

    @property
    def compression(self) -> str:
        """How it is compressed: one of Compression."""
        return Compression.NONE

    def run(self) -> None:
        """Write it. Raises BigQueryExecutionError."""
        source = the_table(self, self.input(), "input")
        said: dict[str, Any] = {
            "sourceTable": source.table.reference,
            "destinationUris": self.destination_uris,
            "destinationFormat": self.destination_format,
            "compression": self.compression,
        }
        if self.destination_format == DestinationFormat.CSV:
            said["printHeader"] = self.print_header
            said["fieldDelimiter"] = self.field_delimiter
        self._run_job(source, {"extract": said})
