"""BigQuery's tasks: what each tells the service, and what comes of it at the emulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.bigquery import (
    BigQueryClient,
    BigQueryCreateViewTask,
    BigQueryExecutionError,
    BigQueryExtractTask,
    BigQueryLoadTask,
    BigQueryRunQueryTask,
    BigQueryTarget,
    BQDataset,
    Compression,
    CreateDisposition,
    DestinationFormat,
    Encoding,
    ExternalBigQueryTask,
    FieldDelimiter,
    NoTable,
    PrintHeader,
    QueryMode,
    SourceFormat,
    WriteDisposition,
)
from luigi.contrib.gcs import GCSTarget
from luigi.task import Task
from luigi.testing import run_task

served = pytest.mark.service("bigquery")

TABLE = {"projectId": "project", "datasetId": "dataset", "tableId": "table"}


class BigQuerySource(luigi.ExternalTask):
    path = luigi.Parameter()

    def output(self) -> GCSTarget:
        return GCSTarget(self.path)


class BigQueryTable(ExternalBigQueryTask):
    project = luigi.Parameter("project")
    dataset = luigi.Parameter("dataset")
    table = luigi.Parameter("table")

    def output(self) -> BigQueryTarget:
        return BigQueryTarget(self.project, self.dataset, self.table)


class ToTable:
    def output(self) -> Any:
        return BigQueryTarget("project", "dataset", "table")


class BigQueryLoads(ToTable, BigQueryLoadTask):
    def requires(self) -> Any:
        return {"a": BigQuerySource("gs://bucket/a"), "more": [BigQuerySource("gs://bucket/b-*")]}


# --- loading ---------------------------------------------------------------------------------------------------------


def test_a_load_says_what_to_load(bigquery: Any) -> None:
    BigQueryLoads().run()
    assert bigquery.configurations() == [
        {
            "load": {
                "destinationTable": TABLE,
                "encoding": "UTF-8",
                "sourceFormat": "NEWLINE_DELIMITED_JSON",
                "writeDisposition": "WRITE_EMPTY",
                "sourceUris": ["gs://bucket/a", "gs://bucket/b-*"],
                "maxBadRecords": 0,
                "ignoreUnknownValues": False,
                "autodetect": True,
            }
        }
    ]


class BigQueryLoadsCsv(BigQueryLoads):
    source_format = SourceFormat.CSV
    encoding = Encoding.ISO_8859_1
    write_disposition = WriteDisposition.WRITE_APPEND
    schema = ({"name": "a", "type": "STRING"},)
    max_bad_records = 3
    field_delimiter = FieldDelimiter.PIPE
    skip_leading_rows = 1
    allow_jagged_rows = True
    ignore_unknown_values = True
    allow_quoted_new_lines = True

    def configure_job(self, configuration: dict[str, Any]) -> dict[str, Any]:
        configuration["labels"] = {"team": "charts"}
        return configuration


def test_a_load_of_csv_says_how_it_is_written(bigquery: Any) -> None:
    BigQueryLoadsCsv().run()
    (told,) = bigquery.configurations()
    assert told["labels"] == {"team": "charts"}
    assert told["load"] == {
        "destinationTable": TABLE,
        "encoding": "ISO-8859-1",
        "sourceFormat": "CSV",
        "writeDisposition": "WRITE_APPEND",
        "sourceUris": ["gs://bucket/a", "gs://bucket/b-*"],
        "maxBadRecords": 3,
        "ignoreUnknownValues": True,
        "fieldDelimiter": "|",
        "skipLeadingRows": 1,
        "allowJaggedRows": True,
        "allowQuotedNewlines": True,
        "schema": {"fields": [{"name": "a", "type": "STRING"}]},
    }


def test_how_csv_is_written_is_said_of_csv_only(bigquery: Any) -> None:
    class BigQueryLoadsParquet(BigQueryLoadsCsv):
        source_format = SourceFormat.PARQUET

    BigQueryLoadsParquet().run()
    assert not {"fieldDelimiter", "skipLeadingRows"} & bigquery.configurations()[0]["load"].keys()


def test_a_dataset_that_is_missing_is_made_where_the_table_says(bigquery: Any) -> None:
    class BigQueryLoadsInEurope(BigQueryLoads):
        def output(self) -> Any:
            return BigQueryTarget("project", "dataset", "table", location="EU")

    task = BigQueryLoadsInEurope()
    task.run()
    assert bigquery.datasets["dataset"]["location"] == "EU"
    assert task.complete()


def test_a_configuration_may_be_changed_where_it_is(bigquery: Any) -> None:
    class BigQueryLoadsInPlace(BigQueryLoads):
        def configure_job(self, configuration: dict[str, Any]) -> None:  # type: ignore[override]
            configuration["load"]["nullMarker"] = "-"

    BigQueryLoadsInPlace().run()
    assert bigquery.configurations()[0]["load"]["nullMarker"] == "-"


# --- queries and views -----------------------------------------------------------------------------------------------


class BigQueryQueries(ToTable, BigQueryRunQueryTask):
    query = "SELECT 1"


def test_a_query_says_what_becomes_of_its_result(bigquery: Any) -> None:
    BigQueryQueries().run()
    assert bigquery.configurations() == [
        {
            "query": {
                "query": "SELECT 1",
                "priority": "INTERACTIVE",
                "destinationTable": TABLE,
                "allowLargeResults": True,
                "createDisposition": "CREATE_IF_NEEDED",
                "writeDisposition": "WRITE_TRUNCATE",
                "flattenResults": True,
                "userDefinedFunctionResources": [],
                "useLegacySql": True,
            }
        }
    ]


def test_each_part_of_a_query_may_be_otherwise(bigquery: Any) -> None:
    class BigQueryQueriesOtherwise(BigQueryQueries):
        write_disposition = WriteDisposition.WRITE_EMPTY
        create_disposition = CreateDisposition.CREATE_NEVER
        flatten_results = False
        query_mode = QueryMode.BATCH
        udf_resource_uris = ("gs://bucket/a.js", "gs://bucket/b.js")
        use_legacy_sql = False

    BigQueryQueriesOtherwise().run()
    told = bigquery.configurations()[0]["query"]
    assert told["userDefinedFunctionResources"] == [
        {"resourceUri": "gs://bucket/a.js"},
        {"resourceUri": "gs://bucket/b.js"},
    ]
    assert (told["priority"], told["useLegacySql"], told["flattenResults"]) == ("BATCH", False, False)
    assert (told["writeDisposition"], told["createDisposition"]) == ("WRITE_EMPTY", "CREATE_NEVER")


class BigQueryViews(ToTable, BigQueryCreateViewTask):
    view = "SELECT 1"


def test_a_view_is_complete_only_while_it_is_that_query(bigquery: Any) -> None:
    BigQueryClient().make_dataset(BQDataset("project", "dataset"))
    task = run_task(BigQueryViews())
    assert task.complete()

    class BigQueryViewsChanged(BigQueryViews):
        view = "SELECT 2"
        use_legacy_sql = False

    assert not BigQueryViewsChanged().complete()
    assert run_task(BigQueryViewsChanged()).complete()
    assert not task.complete()
    assert bigquery.tables["dataset", "table"]["view"] == {"query": "SELECT 2", "useLegacySql": False}


@pytest.mark.parametrize(("kind", "what"), [(BigQueryRunQueryTask, "query"), (BigQueryCreateViewTask, "view")])
def test_what_every_task_has_to_say(bigquery: Any, kind: type[Task], what: str) -> None:
    silent = type("BigQuerySilent", (ToTable, kind), {"_visible_in_registry": False})
    with pytest.raises(NotImplementedError, match=f"BigQuerySilent does not say its {what}"):
        silent().run()


@pytest.mark.parametrize("kind", [BigQueryLoads, BigQueryQueries, BigQueryViews])
@pytest.mark.parametrize("found", [GCSTarget("gs://bucket/key"), [], [BigQueryTarget("p", "d", "t")] * 2])
def test_what_a_task_puts_out_is_one_table(kind: type[Task], found: Any) -> None:
    wrong = type("BigQueryWrong", (kind,), {"output": lambda self: found, "_visible_in_registry": False})
    with pytest.raises(NoTable, match=r"BigQueryWrong.*its output is .*has to be one BigQueryTarget"):
        wrong().run()


# --- extracting ------------------------------------------------------------------------------------------------------


class BigQueryExtracts(BigQueryExtractTask):
    def requires(self) -> Task:
        return BigQueryTable()

    def output(self) -> Any:
        return [GCSTarget("gs://bucket/a"), GCSTarget("gs://bucket/b")]


def test_an_extract_says_what_to_write(bigquery: Any) -> None:
    BigQueryExtracts().run()
    assert bigquery.configurations() == [
        {
            "extract": {
                "sourceTable": TABLE,
                "destinationUris": ["gs://bucket/a", "gs://bucket/b"],
                "destinationFormat": "CSV",
                "compression": "NONE",
                "printHeader": True,
                "fieldDelimiter": ",",
            }
        }
    ]


def test_each_part_of_an_extract_may_be_otherwise(bigquery: Any) -> None:
    class BigQueryExtractsOtherwise(BigQueryExtracts):
        compression = Compression.GZIP
        print_header = PrintHeader.FALSE
        field_delimiter = FieldDelimiter.TAB
        destination_uris = ("gs://bucket/part-*",)

    class BigQueryExtractsAvro(BigQueryExtractsOtherwise):
        destination_format = DestinationFormat.AVRO

    BigQueryExtractsOtherwise().run()
    BigQueryExtractsAvro().run()
    csv, avro = (told["extract"] for told in bigquery.configurations())
    assert (csv["compression"], csv["printHeader"], csv["fieldDelimiter"]) == ("GZIP", False, "\t")
    assert csv["destinationUris"] == ["gs://bucket/part-*"]
    assert avro["destinationFormat"] == "AVRO"
    assert not {"printHeader", "fieldDelimiter"} & avro.keys()


def test_what_is_extracted_is_a_table() -> None:
    class BigQueryExtractsNothing(BigQueryExtracts):
        def requires(self) -> Task:
            return BigQuerySource("gs://bucket/key")

    with pytest.raises(NoTable, match="its input is"):
        BigQueryExtractsNothing().run()


# --- many at once ----------------------------------------------------------------------------------------------------


def test_many_tables_are_one_listing(bigquery: Any) -> None:
    for name in ("a", "c"):
        bigquery.tables["dataset", name] = {"tableReference": {"tableId": name}}
    bigquery.datasets["dataset"] = {"location": "US"}
    asked = [("project", "dataset", name) for name in "abcd"] + [("project", "missing", "a")]
    assert list(BigQueryTable.bulk_complete(asked)) == [asked[0], asked[2]]
    assert len(bigquery.asked) == 3
    assert list(BigQueryTable.bulk_complete([])) == []


def test_parameters_come_as_luigi_gives_them(bigquery: Any) -> None:
    bigquery.tables["project", "table"] = {"tableReference": {"tableId": "table"}}
    bigquery.datasets["project"] = {"location": "US"}
    assert list(BigQueryTable.bulk_complete(["x", {"dataset": "project"}])) == [{"dataset": "project"}]


# --- at the emulator -------------------------------------------------------------------------------------------------


class AtEmulator:
    dataset = luigi.Parameter()

    def table(self, name: str) -> BigQueryTarget:
        return BigQueryTarget("test", self.dataset, name, location="EU")  # type: ignore[arg-type]


class BigQueryEmulatedLoad(AtEmulator, BigQueryLoadTask):
    source_format = SourceFormat.CSV
    field_delimiter = FieldDelimiter.PIPE
    skip_leading_rows = 1
    allow_quoted_new_lines = True
    schema = ({"name": "number", "type": "INTEGER"}, {"name": "text", "type": "STRING"})

    def requires(self) -> Task:
        return BigQuerySource("gs://bucket/rows.csv")

    def output(self) -> BigQueryTarget:
        return self.table("loaded")


class BigQueryEmulatedExtract(AtEmulator, BigQueryExtractTask):
    def requires(self) -> Task:
        return BigQueryEmulatedLoad(dataset=self.dataset)

    def output(self) -> GCSTarget:
        return GCSTarget(f"gs://bucket/{self.dataset}.csv")


@served
def test_files_are_loaded_and_extracted(
    bigquery_service: str, bigquery_folder: Path, luigi_config: Any, number: int
) -> None:
    luigi_config("bigquery", endpoint_url=bigquery_service, anonymous=True, poll_interval=0.1)
    (bigquery_folder / "bucket" / "rows.csv").write_text('number|text\n1|süß\n2|"two\nlines"\n')
    load = BigQueryEmulatedLoad(dataset=f"tasks_{number}")
    load.run()
    assert load.complete()
    with pytest.raises(BigQueryExecutionError, match="not empty"):
        load.run()
    BigQueryEmulatedExtract(dataset=f"tasks_{number}").run()
    extracted = bigquery_folder / "bucket" / f"tasks_{number}.csv"
    assert extracted.read_text().splitlines() == ["number,text", "1,süß", '2,"two', 'lines"']
    client = BigQueryClient()
    client.copy(load.output().table, load.table("copied").table)
    assert sorted(client.list_tables(load.output().table.dataset)) == ["copied", "loaded"]


class BigQueryEmulatedQuery(AtEmulator, BigQueryRunQueryTask):
    use_legacy_sql = False
    query = "SELEC 1"

    def output(self) -> BigQueryTarget:
        return self.table("asked")


@served
def test_a_query_that_is_wrong_says_why(bigquery_service: str, luigi_config: Any, number: int) -> None:
    luigi_config("bigquery", endpoint_url=bigquery_service, anonymous=True, poll_interval=0.1)
    with pytest.raises(BigQueryExecutionError, match="invalidQuery: Syntax error"):
        BigQueryEmulatedQuery(dataset=f"tasks_{number}").run()
