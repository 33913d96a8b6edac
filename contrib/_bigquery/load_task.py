"""BigQueryLoadTask: files of Google Cloud Storage into a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.contrib._bigquery.bulk import MixinBigQueryBulkComplete
from luigi.contrib._bigquery.running import OneJob
from luigi.contrib._bigquery.target import the_table
from luigi.contrib._bigquery.words import Encoding, FieldDelimiter, SourceFormat, WriteDisposition
from luigi.task import Task, flatten


class BigQueryLoadTask(MixinBigQueryBulkComplete, OneJob, Task):
    """Load what the inputs have into the table that `output()` is. Override what is to be otherwise."""

    @property
    def source_format(self) -> str:
        """What is loaded: one of SourceFormat."""
        return SourceFormat.NEWLINE_DELIMITED_JSON

    @property
    def encoding(self) -> str:
        """How its texts are written: one of Encoding."""
        return Encoding.UTF_8

    @property
    def write_disposition(self) -> str:
        """What becomes of the rows that are there: one of WriteDisposition."""
        return WriteDisposition.WRITE_EMPTY

    @property
    def schema(self) -> Sequence[dict[str, Any]]:
        """The columns, such as {"name": "day", "type": "DATE"}; if none are said, the service finds them out."""
        return []

    @property
    def max_bad_records(self) -> int:
        """How many that cannot be read may be left out."""
        return 0

    @property
    def field_delimiter(self) -> str:
        """What is between the values of a line of CSV."""
        return FieldDelimiter.COMMA

    @property
    def skip_leading_rows(self) -> int:
        """Lines at the top of CSV that are no rows."""
        return 0

    @property
    def allow_jagged_rows(self) -> bool:
        """Whether the last values of a line of CSV may be missing."""
        return False

    @property
    def ignore_unknown_values(self) -> bool:
        """Whether values that are of no column are left out."""
        return False

    @property
    def allow_quoted_new_lines(self) -> bool:
        """Whether a quoted value of CSV may have several lines."""
        return False

    def source_uris(self) -> list[str]:
        """What is loaded: gs:// addresses, in each of which one * may stand for anything."""
        return [target.path for target in flatten(self.input())]

    def run(self) -> None:
        """Load it, whole or not at all. Raises BigQueryExecutionError."""
        output = the_table(self, self.output(), "output")
        said = {"destinationTable": output.table.reference, **self._source(), **self._columns()}
        self._run_job(output, {"load": said})

    def _source(self) -> dict[str, Any]:
        said = {
            "encoding": self.encoding,
            "sourceFormat": self.source_format,
            "writeDisposition": self.write_disposition,
            "sourceUris": self.source_uris(),
            "maxBadRecords": self.max_bad_records,
            "ignoreUnknownValues": self.ignore_unknown_values,
        }
        if self.source_format == SourceFormat.CSV:
            said["fieldDelimiter"] = self.field_delimiter
            said["skipLeadingRows"] = self.skip_leading_rows
            said["allowJaggedRows"] = self.allow_jagged_rows
            said["allowQuotedNewlines"] = self.allow_quoted_new_lines
        return said

    def _columns(self) -> dict[str, Any]:
        return {"schema": {"fields": list(self.schema)}} if self.schema else {"autodetect": True}
