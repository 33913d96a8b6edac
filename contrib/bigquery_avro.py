"""BigQueryLoadAvro: Avro files into a table, which is described as their schema describes it.

`pip install "luigi-kernel[bigquery]"` brings what it needs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import IO, Any, Final

from luigi.contrib._bigquery.avro_docs import described
from luigi.contrib._bigquery.target import the_table
from luigi.contrib.bigquery import BigQueryLoadTask, SourceFormat
from luigi.contrib.gcs import GCSClient
from luigi.extras import need
from luigi.task import flatten

__all__ = ["BigQueryLoadAvro"]

logger = logging.getLogger("luigi-interface")

HEAD: Final = 64 * 1024
"""Bytes that are fetched at once until the schema is there."""


class BigQueryLoadAvro(BigQueryLoadTask):
    """Load Avro files: each input is one, or a directory of them, or has a * in its last part.

    What their schema says of itself and of its fields becomes the description of the table and of its columns. That the
    table cannot be described is a warning: it is there.
    """

    source_format = SourceFormat.AVRO

    def source_uris(self) -> list[str]:
        """The addresses of the files."""
        return [_files(target.path) for target in flatten(self.input())]

    def run(self) -> None:
        """Load them, and describe the table. Raises BigQueryExecutionError, and MissingExtra before that."""
        need("avro.datafile", "bigquery", "luigi.contrib.bigquery_avro")
        super().run()
        try:
            self._describe()
        except Exception as error:
            logger.warning("%s is loaded, but could not be described: %r", self.output(), error)

    def _describe(self) -> None:
        schema = self._schema()
        output = the_table(self, self.output(), "output")
        client, tables, table = output.client, output.client.client.tables(), output.table.reference
        found = client.ask(str(output), tables.get(**table, fields="schema"))
        columns = found.get("schema", {}).get("fields", [])
        body: dict[str, Any] = {"schema": {"fields": described(schema, columns)}}
        if schema.get("doc"):
            body["description"] = schema["doc"]
        client.ask(str(output), tables.patch(**table, body=body))

    def _schema(self) -> Mapping[str, Any]:
        """That of the first file."""
        target = flatten(self.input())[0]
        client = getattr(target, "fs", None) or GCSClient()
        path = _files(target.path)
        first = next(client.list_wildcard(path)) if "*" in path else path
        found: list[Mapping[str, Any]] = []
        client.download(first, HEAD, lambda file: _read(file, found)).close()
        if not found:
            raise ValueError(f"{first} does not begin with an Avro schema")
        return found[0]


def _files(path: str) -> str:
    return f"{path}*.avro" if path.endswith("/") else path


def _read(file: IO[bytes], found: list[Mapping[str, Any]]) -> bool:
    """Read the schema, if enough of the file is there."""
    errors = need("avro.errors", "bigquery")
    file.seek(0)
    try:
        reader = need("avro.datafile", "bigquery").DataFileReader(file, need("avro.io", "bigquery").DatumReader())
    except errors.AvroException:
        file.seek(0, 2)
        return False
    found.append(json.loads(reader.schema))
    return True
