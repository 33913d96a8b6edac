"""What is given to the `hive` command, and what is made of its answers: by one that answers as told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import LuigiConfigParser
from luigi.contrib import hive
from luigi.contrib._hive.errors import MetastoreAway, NoScript, NoSuchTable, UnfitName
from luigi.contrib._jobs.program import ProgramMissing
from luigi.contrib.hadoop import HadoopJobError
from luigi.errors import ConfigurationError, MissingExtra
from luigi.local_target import LocalFileSystem

PROGRAM = """#!{python} -S
# Stands in for Hive's command: keeps what it was given, and says what answer.json has.
import json, sys
from pathlib import Path
here = Path(__file__).parent
words = sys.argv[1:]
files = [Path(words[at + 1]).read_text("utf-8") for at, word in enumerate(words) if word == "-f"]
with open(here / "given", "a") as given:
    given.write(json.dumps([words, *files]) + "\\n")
out, err, code = json.loads((here / "answer.json").read_text())
print(out, end="")
print(err, end="", file=sys.stderr)
sys.exit(code)
"""


class Command:
    """The program, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "hive").write_text(PROGRAM.format(python=sys.executable))
        (folder / "hive").chmod(0o755)
        self.answers("")

    def answers(self, out: str, err: str = "", code: int = 0) -> None:
        """Say so from now on."""
        (self.folder / "answer.json").write_text(json.dumps([out, err, code]))

    def given(self) -> list[list[Any]]:
        """The arguments of each run, then the text of the file that they name."""
        return [json.loads(line) for line in (self.folder / "given").read_text().splitlines()]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The only `hive` there is."""
    made = Command(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(made.folder), prepend=os.pathsep)
    return made


@pytest.fixture(autouse=True)
def configured() -> Iterator[Callable[[str, str], None]]:
    """Sets an option of [hive]."""
    config = LuigiConfigParser.instance()
    yield lambda name, value: config.set("hive", name, value)
    for section in ("hive", "hadoop"):
        config.remove_section(section)


class HiveAsk(hive.HiveQueryTask):
    """A query."""

    def query(self) -> str:
        return "select 'é'"

    def output(self) -> Any:
        return []


class HiveTuned(HiveAsk):
    """One with everything."""

    n_reduce_tasks = 0
    bytes_per_reducer = 7
    reducers_max = 9

    def hiverc(self) -> list[str]:
        return ["/a", "/b c"]

    def hivevars(self) -> dict[str, Any]:
        return {"v": "a b; drop table x", "n": 3}


def test_a_command_gives_what_it_prints(command: Command) -> None:
    command.answers("a\tb\n", "OK\n")
    assert hive.run_hive(["-S", "-e", "it's; $HOME"]) == "a\tb\n"
    assert hive.run_hive_cmd("show tables") == "a\tb\n"
    assert command.given() == [[["-S", "-e", "it's; $HOME"]], [["-e", "show tables"]]]


def test_a_command_that_fails_raises_what_it_printed(command: Command) -> None:
    command.answers("half\n", "FAILED: ParseException\n", 64)
    with pytest.raises(hive.HiveCommandError) as error:
        hive.run_hive_cmd("selekt")
    assert str(error.value) == "Hive command: hive -e selekt failed with error code: 64\nFAILED: ParseException"
    assert (error.value.out, error.value.err) == ("half\n", "FAILED: ParseException\n")
    assert hive.run_hive_cmd("selekt", check_return_code=False) == "half\n"


def test_a_script_has_to_be_there(command: Command, tmp_path: Path) -> None:
    (tmp_path / "script").write_text("select 1")
    hive.run_hive_script(str(tmp_path / "script"))
    assert command.given() == [[["-f", str(tmp_path / "script")], "select 1"]]
    with pytest.raises(NoScript, match="does not exist"):
        hive.run_hive_script(str(tmp_path / "absent"))


def test_the_configured_command_may_have_options(command: Command, configured: Callable[[str, str], None]) -> None:
    configured("command", f"'{command.folder}/hive' --service cli")
    hive.run_hive(["-S"])
    assert command.given() == [[["--service", "cli", "-S"]]]


def test_where_there_is_no_hive(configured: Callable[[str, str], None]) -> None:
    configured("command", "no-such-hive")
    for ask in (lambda: hive.run_hive([]), HiveAsk().run):
        with pytest.raises(ProgramMissing, match="no-such-hive") as error:
            ask()
        assert "[hive] command" in error.value.hint


def test_a_hive_that_does_not_answer_is_given_up(tmp_path: Path, configured: Callable[[str, str], None]) -> None:
    (tmp_path / "hive").write_text("#!/bin/sh\nexec sleep 600\n")
    (tmp_path / "hive").chmod(0o755)
    configured("command", str(tmp_path / "hive"))
    configured("timeout", "0.2")
    with pytest.raises(TimeoutError, match="longer than 0.2 seconds"):
        hive.HiveCommandClient().table_exists("words")


def test_secrets_of_a_command_line_are_not_in_its_error(command: Command) -> None:
    command.answers("", "no", 1)
    with pytest.raises(hive.HiveCommandError) as error:
        hive.run_hive(["--hiveconf", "javax.jdo.option.ConnectionPassword=hunter2"])
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("release", "kind"),
    [
        ("cdh4", hive.HiveCommandClient),
        ("apache", hive.ApacheHiveCommandClient),
        ("metastore", hive.MetastoreClient),
        ("warehouse", hive.WarehouseHiveClient),
    ],
)
def test_the_release_names_the_client(release: str, kind: type, configured: Callable[[str, str], None]) -> None:
    configured("release", release)
    assert type(hive.get_default_client()) is kind
    assert type(hive.client) is kind
    assert hive.get_hive_syntax() == release


def test_names_and_values_end_where_they_end(command: Command) -> None:
    client = hive.HiveCommandClient()
    client.table_exists("words", "shop", {"b`d": 7, "a": "it's; ${env:HOME}\n-- é"})
    client.table_exists("x' or 'y", "shop")
    assert [given[0][1] for given in command.given()] == [
        "use `shop`; show partitions `words` partition "
        r"(`a`='it\u0027s\u003b \u0024\u007benv:HOME\u007d\u000a-- \u00e9',`b``d`='7')",
        r"use `shop`; show tables like 'x\u0027 or \u0027y'",
    ]
    for name in ("a; drop table b", "a'b", "${env:HOME}", "a\nb", ""):
        with pytest.raises(UnfitName):
            client.table_schema(name)
    with pytest.raises(UnfitName):
        client.table_exists("words", "shop; drop table x")


def test_a_table_may_have_its_databases_name_before_its_own(command: Command) -> None:
    hive.HiveCommandClient().table_exists("shop.words", partition={"day": 7})
    assert [given[0][1] for given in command.given()] == [
        "use `default`; show partitions `shop`.`words` partition (`day`='7')"
    ]


@pytest.mark.parametrize("out", ["Words\n", "tab_name\nwords\n", "+---+\n| tab_name |\n+---+\n| words    |\n+---+\n"])
def test_a_table_is_there_whatever_frames_its_name(out: str, command: Command) -> None:
    command.answers(out)
    assert hive.HiveCommandClient().table_exists("words")
    assert not hive.HiveCommandClient().table_exists("word")


def test_titles_are_no_partitions(command: Command) -> None:
    command.answers("partition\n")
    assert not hive.HiveCommandClient().table_exists("words", partition={"day": "1"})


def test_columns_are_told_from_what_else_is_said(command: Command) -> None:
    command.answers(
        "# col_name\tdata_type\tcomment\n\t \nid   \tint  \t\nday\tstring\twhen it was\n\t \n"
        "# Partition Information\n# col_name\tdata_type\tcomment\nday\tstring\t\n"
    )
    assert hive.HiveCommandClient().table_schema("words") == [("id", "int"), ("day", "string", "when it was")]
    command.answers("+--+\n| col_name | data_type | comment |\n+--+\n| id       | int       |         |\n+--+\n")
    assert hive.HiveCommandClient().table_schema("words") == [("id", "int")]


@pytest.mark.parametrize(
    ("out", "err", "code"),
    [
        ("", "FAILED: SemanticException [Error 10001]: Table not found words\n", 17),
        ("Table words does not exist\n", "", 0),
        ("", "", 0),
    ],
)
def test_apaches_hive_has_no_columns_of_what_is_not_there(out: str, err: str, code: int, command: Command) -> None:
    command.answers(out, err, code)
    assert hive.ApacheHiveCommandClient().table_schema("words") is None


def test_apaches_hive_that_fails_otherwise_is_an_error(command: Command) -> None:
    command.answers("", "FAILED: the metastore is away\n", 1)
    with pytest.raises(hive.HiveCommandError, match="is away"):
        hive.ApacheHiveCommandClient().table_schema("words")


def test_a_place_that_hive_does_not_say(command: Command) -> None:
    with pytest.raises(NoSuchTable, match="where default.words is"):
        _ = hive.HiveTableTarget("words", client=hive.HiveCommandClient()).path


def test_what_a_query_is_run_with(command: Command) -> None:
    HiveTuned().run()
    ((words, text),) = command.given()
    assert text == "select 'é'"
    assert not Path(words[1]).exists()
    expected = ["-f", words[1], "-i", "/a", "-i", "/b c"]
    for conf in (
        "mapred.job.name='HiveTuned__99914b932b'",
        "mapred.reduce.tasks=0",
        "hive.exec.reducers.bytes.per.reducer=7",
        "hive.exec.reducers.max=9",
    ):
        expected += ["--hiveconf", conf]
    assert words == [*expected, "--hivevar", "v=a b; drop table x", "--hivevar", "n=3"]


def test_the_pool_and_the_configured_commands_are_of_every_query(configured: Callable[[str, str], None]) -> None:
    configured("hiverc_location", "/etc/hiverc")
    task = HiveAsk(pool="mine")
    assert task.hiveconfs()["mapred.fairscheduler.pool"] == "mine"
    assert hive.HiveQueryRunner().get_arglist("q", task)[:5] == ["hive", "-f", "q", "-i", "/etc/hiverc"]
    LuigiConfigParser.instance().set("hadoop", "scheduler", "capacity")
    assert task.hiveconfs()["mapred.job.queue.name"] == "mine"


def test_folders_of_outputs_are_made(command: Command, tmp_path: Path) -> None:
    class Placed(HiveAsk):
        def output(self) -> Any:
            return [luigi.LocalTarget(str(tmp_path / "new" / "file")), hive.HiveTableTarget("words")]

    Placed().run()
    assert (tmp_path / "new").is_dir()


def test_a_query_that_is_not_written_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"query\(\)"):
        hive.HiveQueryTask().query()


def test_a_query_that_fails_has_its_last_output(command: Command) -> None:
    command.answers("", "FAILED: no space left\n", 2)
    with pytest.raises(HadoopJobError, match="exit code 2\n(.*\n)?FAILED: no space left"):
        HiveAsk().run()


def test_files_that_are_ignored_make_no_table(tmp_path: Path, configured: Callable[[str, str], None]) -> None:
    client = hive.WarehouseHiveClient(LocalFileSystem(), str(tmp_path))
    folder = tmp_path / "shop.db" / "words"
    assert not client.table_exists("words", "shop")
    folder.mkdir(parents=True)
    (folder / "_SUCCESS").touch()
    assert client.table_exists("words", "shop")
    configured("ignored_file_masks", r"_.*|.*\.tmp$")
    assert not client.table_exists("words", "shop")
    (folder / "00000_0").touch()
    assert client.table_exists("words", "shop")
    configured("ignored_file_masks", "(")
    with pytest.raises(ConfigurationError, match="ignored_file_masks"):
        client.table_exists("words", "shop")


def test_the_warehouse_is_where_it_is_configured(configured: Callable[[str, str], None]) -> None:
    assert hive.get_hive_warehouse_location() == "/user/hive/warehouse"
    configured("warehouse_location", "hdfs://host/wh/")
    client = hive.WarehouseHiveClient(LocalFileSystem())
    assert client.table_location("T", "D", {"day": "1", "hour": None}) == (
        "hdfs://host/wh/d.db/t/day=1/hour=__HIVE_DEFAULT_PARTITION__"
    )


def test_a_metastore_that_is_away_is_asked_again(
    configured: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("pymetastore")
    monkeypatch.setattr("luigi.contrib._hive.thrift.WAIT", 0.01)
    with pytest.raises(ConfigurationError, match="metastore_host is not set"):
        hive.MetastoreClient().table_exists("words")
    configured("metastore_host", "127.0.0.1")
    configured("metastore_port", "1")
    with pytest.raises(MetastoreAway, match="127.0.0.1:1 cannot be reached"):
        hive.MetastoreClient().table_exists("words")
    assert len([line for line in caplog.messages if "asked again" in line]) == 2


def test_without_its_extra_the_metastore_cannot_be_asked(
    configured: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured("metastore_host", "127.0.0.1")
    monkeypatch.setitem(sys.modules, "pymetastore.hive_metastore.ThriftHiveMetastore", None)
    with pytest.raises(MissingExtra) as error:
        hive.MetastoreClient().table_exists("words")
    assert "luigi-kernel[hive]" in error.value.hint
