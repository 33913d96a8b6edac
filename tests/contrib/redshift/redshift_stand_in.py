"""Stands in for Amazon Redshift: a real PostgreSQL, with a cursor that carries out what only Redshift has, or refuses.

COPY reads real objects from S3, and UNLOAD writes them. What PostgreSQL learned after 2005 is refused, keys are not
enforced, who adds to a table lets others wait, TRUNCATE ends the transaction, and `stl_load_errors` says why a COPY
has failed.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import psycopg
from psycopg import ClientCursor, errors

KEYS = "aws_access_key_id=AKIA-SECRET;aws_secret_access_key=very/secret+key"
ROLE = "aws_iam_role=arn:aws:iam::123456789012:role/loader"

CATALOGUE = """
    CREATE TABLE stl_load_errors (
        query INT, starttime TIMESTAMP DEFAULT clock_timestamp(),
        filename CHAR(256), line_number INT, colname CHAR(127), err_reason CHAR(100)
    );
    CREATE FUNCTION pg_last_copy_id() RETURNS INT LANGUAGE SQL AS 'SELECT pg_backend_pid()';
    CREATE VIEW stv_sessions AS
        SELECT pid AS process, datname AS db_name, usename AS user_name FROM pg_stat_activity WHERE usename IS NOT NULL;
"""

TEXT = r"'((?:[^'\\]|''|\\.)*)'"
COPY = re.compile(rf"COPY\s+(?P<into>.*?)\s+FROM\s+{TEXT}\s+CREDENTIALS\s+{TEXT}(?P<options>.*)", re.S | re.I)
UNLOAD = re.compile(rf"UNLOAD \( {TEXT} \) TO {TEXT} credentials {TEXT} (?P<options>.*);", re.S)
UNKNOWN = re.compile(r"ON CONFLICT|to_regclass", re.I)
NAME = re.compile(r'(?:"(?:[^"]|"")*"|[\w.$])+')
REDSHIFTS = re.compile(r"PRIMARY KEY(?! \()|, PRIMARY KEY \(\w+\)| ENCODE \w+| DISTSTYLE \w+| SORTKEY \(\w+\)")
WRITING = re.compile(rf"INSERT INTO ({NAME.pattern})", re.I)


class RedshiftCursor(ClientCursor[Any]):
    """What `psycopg` uses when it is connected to this. A test says where S3 is; `statements` is what was asked."""

    s3: ClassVar[Any]
    statements: ClassVar[list[str]]

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        self.statements.append(query)
        if unknown := UNKNOWN.search(query):
            raise errors.SyntaxError(f'syntax error at or near "{unknown[0]}"')
        if copied := COPY.fullmatch(query):
            return self._copy(copied["into"], *map(_plain, copied.groups()[1:3]), copied["options"])
        if unloaded := UNLOAD.fullmatch(query):
            return self._unload(*map(_plain, unloaded.groups()[:3]), unloaded["options"])
        if (writing := WRITING.match(query)) and not self.connection.autocommit:
            super().execute(f"LOCK TABLE {writing[1]} IN SHARE ROW EXCLUSIVE MODE")
        super().execute(_as_postgres(query), params, **more)
        if query.startswith("TRUNCATE"):
            self.connection.commit()
        return self

    # --- COPY --------------------------------------------------------------------------------------------------------

    def _copy(self, into: str, path: str, credentials: str, options: str) -> RedshiftCursor:
        _check(credentials, options)
        table = _table(into)
        super().execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        for url in self._urls(path, "MANIFEST" in options):
            content = self._get(url)
            text = (gzip.decompress(content) if "GZIP" in options else content).decode()
            try:
                self._fill(into, text, options)
            except psycopg.DataError as error:
                self._note(url, error)
                message = f"Load into table '{table}' failed.  Check 'stl_load_errors' system table for details."
                raise errors.InternalError_(message) from None
        return self

    def _fill(self, into: str, text: str, options: str) -> None:
        json_paths = re.search(rf"JSON AS {TEXT}", options)
        if json_paths:
            into, rows = self._of_json(into, text.splitlines(), _plain(json_paths[1]))
            with self.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        with self.copy(f"COPY {into} FROM STDIN WITH ({_format(options)})") as copy:
            copy.write(text)

    def _of_json(self, into: str, lines: list[str], paths: str) -> tuple[str, Iterator[list[Any]]]:
        documents = map(json.loads, lines)
        names = self._names(into)
        keys = names
        if paths != "auto":
            keys = [path.removeprefix("$.") for path in json.loads(self._get(paths))["jsonpaths"]]
        assert len(keys) == len(names), "Number of jsonpaths and the number of columns should match"
        listed = ", ".join(f'"{name}"' for name in names)
        return f"{_table(into)} ({listed})", ([one.get(key) for key in keys] for one in documents)

    def _names(self, into: str) -> list[str]:
        table = _table(into)
        columns = into[len(table) :].strip().removeprefix("(").removesuffix(")") or "*"
        super().execute(f"SELECT {columns} FROM {table} LIMIT 0")
        return [column.name for column in self.description or ()]

    def _note(self, url: str, error: psycopg.Error) -> None:
        found = re.search(r"line (\d+)(?:, column (\w+))?", error.diag.context or "")
        line, column = (found[1], found[2]) if found else ("0", None)
        info = self.connection.info
        with psycopg.connect(host=info.host, port=info.port, user="postgres", dbname=info.dbname) as other:
            names = "query, filename, line_number, colname, err_reason"
            values = info.backend_pid, url, line, column or "", error.diag.message_primary
            other.execute(f"INSERT INTO stl_load_errors ({names}) VALUES (%s, %s, %s, %s, %s)", values)

    # --- S3 ----------------------------------------------------------------------------------------------------------

    def _urls(self, path: str, manifest: bool) -> Iterable[str]:
        if manifest:
            return [entry["url"] for entry in json.loads(self._get(path))["entries"]]
        bucket, key = _address(path)
        if bucket != "bucket":
            raise errors.InternalError_("S3ServiceException:The specified bucket does not exist,Status 404")
        found = self.s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents", [])
        if not found:
            raise errors.InternalError_(f"The specified S3 prefix '{key}' does not exist")
        return [f"s3://{bucket}/{one['Key']}" for one in found]

    def _get(self, url: str) -> bytes:
        bucket, key = _address(url)
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()  # type: ignore[no-any-return]

    def _unload(self, query: str, path: str, credentials: str, options: str) -> RedshiftCursor:
        _check(credentials, options)
        quoted = ", FORCE_QUOTE *" if "ADDQUOTES" in options else ""
        with self.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER '|'{quoted})") as copy:
            content = b"".join(copy)
        zipped = "GZIP" in options
        bucket, key = _address(f"{path}0000_part_00{'.gz' if zipped else ''}")
        self.s3.put_object(Bucket=bucket, Key=key, Body=gzip.compress(content) if zipped else content)
        return self


def _check(credentials: str, options: str) -> None:
    if "SYNTAX" in options:  # as PostgreSQL points at what it does not understand
        cited = f"LINE 2: ...key_id=AKIA-SECRET;aws_secret_access_key=very/secr...\n        CREDENTIALS '{credentials}'"
        raise errors.SyntaxError(f'syntax error at or near "SYNTAX"\n{cited}')
    if "TOLD" in options:
        raise errors.InternalError_(f"wrong CREDENTIALS clause: {credentials}")
    if credentials not in (KEYS, ROLE):
        raise errors.InternalError_("S3ServiceException:Access Denied,Status 403,Error AccessDenied")


def _table(into: str) -> str:
    found = NAME.match(into)
    assert found
    return found[0]


def _as_postgres(query: str) -> str:
    """A statement without what PostgreSQL does not know, and without keys."""
    if not query.startswith("CREATE"):
        return query
    return REDSHIFTS.sub("", query)


def _plain(text: str) -> str:
    """What a text between quotes means in Redshift."""
    return re.sub(r"\\(.)", r"\1", text.replace("''", "'"), flags=re.S)


def _address(url: str) -> tuple[str, str]:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def _format(options: str) -> str:
    told = dict(re.findall(rf"(DELIMITER|NULL AS) {TEXT}", options))
    return f"DELIMITER E'{told.get('DELIMITER', '|')}', NULL E'{told.get('NULL AS', '')}'"


def rows_in(content: bytes) -> list[list[str]]:
    """What was unloaded."""
    return list(csv.reader(io.StringIO(gzip.decompress(content).decode()), delimiter="|"))
