"""The words that BigQuery has for what a job may be told, by Luigi's names."""

from __future__ import annotations


class CreateDisposition:
    """What becomes of a table that is not there."""

    CREATE_IF_NEEDED = "CREATE_IF_NEEDED"
    CREATE_NEVER = "CREATE_NEVER"


class WriteDisposition:
    """What becomes of the rows that are there."""

    WRITE_TRUNCATE = "WRITE_TRUNCATE"
    WRITE_APPEND = "WRITE_APPEND"
    WRITE_EMPTY = "WRITE_EMPTY"
    """The job fails if there are any."""


class QueryMode:
    """How soon a query is begun."""

    INTERACTIVE = "INTERACTIVE"
    BATCH = "BATCH"


class SourceFormat:
    """What is loaded."""

    AVRO = "AVRO"
    CSV = "CSV"
    DATASTORE_BACKUP = "DATASTORE_BACKUP"
    NEWLINE_DELIMITED_JSON = "NEWLINE_DELIMITED_JSON"
    PARQUET = "PARQUET"


class FieldDelimiter:
    """What is between the values of a line of CSV."""

    COMMA = ","
    TAB = "\t"
    PIPE = "|"


class PrintHeader:
    """Whether the first line has the names."""

    TRUE = True
    FALSE = False


class DestinationFormat:
    """What is extracted."""

    AVRO = "AVRO"
    CSV = "CSV"
    NEWLINE_DELIMITED_JSON = "NEWLINE_DELIMITED_JSON"


class Compression:
    """How that is compressed."""

    GZIP = "GZIP"
    NONE = "NONE"


class Encoding:
    """How the texts that are loaded are written."""

    ISO_8859_1 = "ISO-8859-1"
    UTF_8 = "UTF-8"
