"""BigQueryLoadAvro: what of Avro files is loaded, and what their schema says of itself."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from avro.datafile import DataFileWriter
from avro.io import DatumWriter
from avro.schema import parse

import luigi
from luigi.contrib._bigquery.avro_docs import described
from luigi.contrib.bigquery import BigQueryTarget
from luigi.contrib.bigquery_avro import BigQueryLoadAvro
from luigi.contrib.gcs import GCSClient, GCSFlagTarget, GCSTarget

SCHEMA = {
    "type": "record",
    "name": "Play",
    "doc": "what was played",
    "fields": [
        {"name": "artist", "type": "string", "doc": "by whom"},
        {"name": "number", "type": "int"},
        {"name": "track", "doc": "what", "type": {"type": "record", "name": "Track", "fields": [
            {"name": "title", "type": "string", "doc": "its name"}]}},
        {"name": "tags", "type": {"type": "array", "items": ["null", {"type": "record", "name": "Tag", "fields": [
            {"name": "text", "type": "string", "doc": "what it says"}]}]}},
        {"name": "counts", "doc": "how often", "type": {"type": "map", "values": "int"}},
    ],
}  # fmt: skip

COLUMNS = [
    {"name": "artist", "type": "STRING", "mode": "REQUIRED"},
    {"name": "number", "type": "INTEGER", "description": "of ours"},
    {"name": "track", "type": "RECORD", "fields": [{"name": "title", "type": "STRING"}]},
    {"name": "tags", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "text", "type": "STRING"}]},
    {"name": "counts", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "key", "type": "STRING"}]},
]


def content(schema: Any) -> bytes:
    file = io.BytesIO()
    writer = DataFileWriter(file, DatumWriter(), parse(json.dumps(schema)))
    writer.flush()
    return file.getvalue()


@pytest.fixture
def folder(gcs_service: str, luigi_config: Any, number: int) -> str:
    luigi_config("gcs", endpoint_url=gcs_service, anonymous=True)
    return f"gs://bucket/avro-{number}"


@pytest.fixture
def table(bigquery: Any) -> Any:
    """The table that is loaded, which the service knows."""
    bigquery.datasets["dataset"] = {"location": "US"}
    bigquery.finish = lambda job, text: job.update(status={"state": "DONE"})
    found = bigquery.tables["dataset", "table"] = {"id": "it", "schema": {"fields": COLUMNS}}
    return found


class BigQueryAvroFiles(luigi.ExternalTask):
    path = luigi.Parameter()

    def output(self) -> GCSTarget:
        return GCSFlagTarget(self.path) if self.path.endswith("/") else GCSTarget(self.path)


class BigQueryLoadsAvro(BigQueryLoadAvro):
    paths = luigi.ListParameter()

    def requires(self) -> Any:
        return [BigQueryAvroFiles(path) for path in self.paths]

    def output(self) -> BigQueryTarget:
        return BigQueryTarget("project", "dataset", "table")


DESCRIBED = {
    "artist": "by whom",
    "number": "of ours",
    "track": "what",
    "tags": None,
    "counts": "how often",
}


@pytest.mark.service("gcs")
@pytest.mark.parametrize("form", ["one.avro", "", "*.avro"])
def test_the_schema_describes_the_table(form: str, table: Any, folder: str, bigquery: Any) -> None:
    GCSClient().put_string(b"", f"{folder}/_SUCCESS")
    GCSClient().put_string(content(SCHEMA), f"{folder}/one.avro")
    BigQueryLoadsAvro(paths=[f"{folder}/{form}"]).run()
    (told,) = bigquery.configurations()
    assert told["load"]["sourceUris"] == [f"{folder}/{form or '*.avro'}"]
    assert told["load"]["sourceFormat"] == "AVRO"
    assert table["description"] == "what was played"
    columns = {one["name"]: one for one in table["schema"]["fields"]}
    assert {name: one.get("description") for name, one in columns.items()} == DESCRIBED
    assert columns["track"]["fields"] == [{"name": "title", "type": "STRING", "description": "its name"}]
    assert columns["tags"]["fields"][0]["description"] == "what it says"
    assert columns["artist"]["mode"] == "REQUIRED"


@pytest.mark.service("gcs")
def test_a_long_schema_is_read_in_several_parts(table: Any, folder: str) -> None:
    fields = [{"name": f"field_{n}", "type": "int", "doc": "x" * 1000} for n in range(200)]
    GCSClient().put_string(content({**SCHEMA, "fields": fields}), f"{folder}/long.avro")
    BigQueryLoadsAvro(paths=[f"{folder}/long.avro"]).run()
    assert table["description"] == "what was played"


@pytest.mark.service("gcs")
@pytest.mark.parametrize("found", [b"no Avro", None])
def test_that_a_table_cannot_be_described_is_a_warning(
    found: bytes | None, table: Any, folder: str, caplog: pytest.LogCaptureFixture
) -> None:
    if found is not None:
        GCSClient().put_string(found, f"{folder}/one.avro")
    BigQueryLoadsAvro(paths=[f"{folder}/one.avro"]).run()
    (warning,) = [text for text in caplog.messages if "could not be described" in text]
    assert warning.startswith("project:dataset.table is loaded, but could not be described")
    assert f"{folder}/one.avro" in warning


def test_what_says_nothing_describes_nothing() -> None:
    silent = {"type": "record", "name": "Play", "fields": [{"name": "artist", "type": "string"}]}
    assert described(silent, COLUMNS) == COLUMNS
    assert described({"type": "string"}, COLUMNS) == COLUMNS


WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("avro", "google", "googleapiclient", "httplib2", "google_auth_httplib2"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
import luigi
from luigi.contrib.bigquery import BigQueryTarget
from luigi.contrib.bigquery_avro import BigQueryLoadAvro
from luigi.contrib import dataproc
from luigi.errors import MissingExtra
for act in (BigQueryTarget("p", "d", "t").exists, BigQueryLoadAvro().run, dataproc.get_dataproc_client):
    try:
        act()
    except MissingExtra as error:
        print(error, error.hint)
"""


def test_without_googles_client_the_extra_is_named() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT], text=True, capture_output=True, check=True).stdout
    assert said.splitlines() == [
        'luigi.contrib.bigquery needs a package that is not installed pip install "luigi-kernel[bigquery]"',
        'luigi.contrib.bigquery_avro needs a package that is not installed pip install "luigi-kernel[bigquery]"',
        'luigi.contrib.dataproc needs a package that is not installed pip install "luigi-kernel[dataproc]"',
    ]
