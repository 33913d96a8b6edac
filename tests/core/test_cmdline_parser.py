"""What a command line means: tasks, flags, their forms, and what is refused."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.errors import MissingParameterException, ParameterValueError, TaskClassNotFoundException


class CpAdd(luigi.Task):
    """A task with a parameter of each manner."""

    x = luigi.IntParameter()
    day = luigi.DateParameter(default=datetime.date(2013, 7, 4))
    loud = luigi.BoolParameter()
    exact = luigi.BoolParameter(default=True, parsing=luigi.BoolParameter.EXPLICIT_PARSING)
    long_name = luigi.Parameter(default="none")
    workload = luigi.IntParameter(default=0)


class CpOther(luigi.Task):
    """A task whose parameters are set for the whole class."""

    day_of_week = luigi.Parameter(default="monday")
    loud = luigi.BoolParameter()


class CpSpaced(luigi.Task):
    """A task in a namespace."""

    task_namespace = "cp.space"
    v_w = luigi.IntParameter(default=0)


class CpBare(luigi.Config):
    """Settings whose flags have no prefix."""

    use_cmdline_section = False  # type: ignore[assignment]
    cp_plain = luigi.Parameter(default="p")


class CpNamesake(luigi.Task):
    """A task with a parameter that is also a flag of the command."""

    workers = luigi.Parameter(default="own")


def task_of(*args: str) -> luigi.Task:
    return CmdlineParser(args).get_task_obj()


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What is said about a command line that cannot be read."""
    with pytest.raises(SystemExit) as exit:
        CmdlineParser(args)
    assert exit.value.code == 2
    return capsys.readouterr().err


# --- values ----------------------------------------------------------------------------------------------------------


def test_values_are_parsed_by_their_parameter() -> None:
    task = task_of("CpAdd", "--x", "3", "--day=2014-01-02", "--long-name", "a b")
    assert task == CpAdd(x=3, day=datetime.date(2014, 1, 2), long_name="a b")


@pytest.mark.parametrize(
    ("flags", "loud", "exact"),
    [
        ([], False, True),
        (["--loud"], True, True),
        (["--loud=false"], False, True),
        (["--loud=true"], True, True),
        (["--exact"], False, True),
        (["--exact", "false"], False, False),
        (["--exact=false", "--loud"], True, False),
        (["--exact", "--loud"], True, True),
    ],
)
def test_yes_and_no(flags: list[str], loud: bool, exact: bool) -> None:
    task = task_of("CpAdd", "--x=1", *flags)
    assert (task.loud, task.exact) == (loud, exact)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["-3", "-foo", "--a flag in quotes", "", "-", "a=b"])
def test_a_value_may_look_odd(text: str) -> None:
    task = task_of("CpAdd", "--x", "1", "--long-name", text)
    assert task.long_name == (text or "none")  # type: ignore[attr-defined]


def test_the_last_of_equal_flags_wins() -> None:
    assert task_of("CpAdd", "--x", "1", "--x", "2") == CpAdd(x=2)


def test_an_empty_value_counts_as_not_given() -> None:
    with pytest.raises(MissingParameterException):
        task_of("CpAdd", "--x=")


def test_all_that_is_missing_is_named_at_once() -> None:
    class CpTwo(luigi.Task):
        first = luigi.Parameter()
        second = luigi.Parameter()

    with pytest.raises(MissingParameterException) as error:
        task_of("CpTwo")
    assert "'first'" in str(error.value)
    assert "'second'" in str(error.value)


def test_a_bad_value_names_parameter_value_form_and_flag() -> None:
    with pytest.raises(ParameterValueError, match=r"day: 'x' \(from --day\) is not a date"):
        task_of("CpAdd", "--x", "1", "--day", "x")


# --- where flags stand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ["CpAdd", "--x", "1", "--workers", "2", "--local-scheduler"],
        ["--workers", "2", "--local-scheduler", "CpAdd", "--x", "1"],
        ["--local-scheduler", "CpAdd", "--workers=2", "--x=1"],
        ["--x=1", "CpAdd", "--workers=2"],
        ["--x", "1", "CpAdd"],
        ["--x", "1", "--loud=false", "CpAdd"],
    ],
)
def test_flags_stand_before_or_behind_the_task(args: list[str]) -> None:
    assert task_of(*args) == CpAdd(x=1)


def test_a_value_that_is_a_tasks_name_stays_a_value() -> None:
    parser = CmdlineParser(["--CpOther-day-of-week", "CpOther", "CpAdd", "--x", "1"])
    assert parser.get_task_obj() == CpAdd(x=1)
    assert parser.class_value("CpOther", "day_of_week") == "CpOther"


def test_a_namespaced_task() -> None:
    assert task_of("cp.space.CpSpaced", "--v-w", "7") == CpSpaced(v_w=7)


# --- class-level flags -----------------------------------------------------------------------------------------------


def test_class_values() -> None:
    parser = CmdlineParser(
        ["CpAdd", "--CpOther-day-of-week=friday", "--CpOther-loud", "--cp.space.CpSpaced-v-w", "3", "--cp-plain", "q"]
    )
    assert parser.class_value("CpOther", "day_of_week") == "friday"
    assert parser.class_value("CpOther", "loud") == "true"
    assert parser.class_value("cp.space.CpSpaced", "v_w") == "3"
    assert parser.class_value("CpBare", "cp_plain") == "q"
    assert parser.class_value("CpAdd", "x") is None
    assert parser.class_value("core", "workers") is None
    assert parser.class_flag("CpOther", "day_of_week") == "--CpOther-day-of-week"
    assert parser.class_flag("CpBare", "cp_plain") == "--cp-plain"
    assert parser.class_flag("core", "workers") is None


def test_an_empty_class_value_is_none() -> None:
    assert CmdlineParser(["CpAdd", "--CpOther-day-of-week="]).class_value("CpOther", "day_of_week") is None


def test_class_values_hold_inside_the_context_only() -> None:
    with CmdlineParser.global_instance(["CpAdd", "--x=1", "--CpOther-day-of-week", "friday", "--CpOther-loud"]):
        inside = (CpOther().day_of_week, CpOther().loud)
    assert inside == ("friday", True)
    assert (CpOther().day_of_week, CpOther().loud) == ("monday", False)


def test_the_tasks_own_flag_is_no_class_value() -> None:
    with CmdlineParser.global_instance(["CpAdd", "--x=1"]), pytest.raises(MissingParameterException):
        CpAdd()


def test_a_class_value_stands_in_for_the_tasks_own_flag() -> None:
    with CmdlineParser.global_instance(["CpAdd", "--CpAdd-x=1"]) as parser:
        assert parser.get_task_obj().param_kwargs["x"] == 1
    with CmdlineParser.global_instance(["CpAdd", "--CpAdd-x=1", "--x=2"]) as parser:
        assert parser.get_task_obj().param_kwargs["x"] == 2


@pytest.mark.parametrize(
    ("flag", "family", "name"),
    [
        ("--scheduler-retry-count=9", "scheduler", "retry_count"),
        ("--worker-keep-alive", "worker", "keep_alive"),
        ("--retcode-task-failed=9", "retcode", "task_failed"),
        ("--execution-summary-summary-length=9", "execution_summary", "summary_length"),
        ("--RangeDaily-days-back=9", "RangeDaily", "days_back"),
    ],
)
def test_the_kernels_own_settings_have_flags(flag: str, family: str, name: str) -> None:
    assert CmdlineParser(["CpAdd", flag]).class_value(family, name) in ("9", "true")


# --- short and mistaken flags ----------------------------------------------------------------------------------------


def test_the_beginning_of_a_flag_will_do() -> None:
    assert task_of("CpAdd", "--x=1", "--long=l") == CpAdd(x=1, long_name="l")
    assert CmdlineParser(["--local-sch", "CpAdd"]).class_value("core", "local_scheduler") == "true"


def test_the_tasks_flags_come_before_all_others() -> None:
    """`--work` also begins `--workers` and `--worker-timeout`: those are not meant."""
    assert task_of("CpAdd", "--x=1", "--work=5") == CpAdd(x=1, workload=5)


def test_underscores_are_dashes() -> None:
    assert task_of("CpAdd", "--x=1", "--long_name=l") == CpAdd(x=1, long_name="l")


def test_a_name_that_is_the_commands_too() -> None:
    behind = CmdlineParser(["CpNamesake", "--workers", "mine"])
    assert behind.get_task_obj() == CpNamesake(workers="mine")
    assert behind.class_value("core", "workers") is None
    ahead = CmdlineParser(["--workers", "3", "CpNamesake"])
    assert ahead.get_task_obj() == CpNamesake()
    assert ahead.class_value("core", "workers") == "3"


def test_two_parameters_with_one_flag(capsys: pytest.CaptureFixture[str]) -> None:
    class cpf(luigi.Task):
        b_c = luigi.Parameter(default="1")

    class cpf_b(luigi.Task):
        c = luigi.Parameter(default="2")

    said = refused(capsys, "CpAdd", "--cpf-b-c", "3")
    assert "flag --cpf-b-c could mean b_c of cpf or c of cpf_b" in said
    assert task_of("cpf", "--b-c=3") == cpf(b_c="3")
    assert task_of("cpf_b", "--c=3") == cpf_b(c="3")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["CpAdd", "--xx", "3"], "unknown flag --xx"),
        (["CpAdd", "--CpOther-day-of-weak", "3"], "did you mean --CpOther-day-of-week"),
        (["CpAdd", "--core-workers", "3"], "did you mean --workers"),
        (["CpAdd", "--lo"], "ambiguous flag --lo: it could be --loud, --long-name"),
        (["CpAdd", "--day"], "flag --day needs a value: a date"),
        (["CpAdd", "--day", "--loud"], "flag --day needs a value: a date"),
        (["CpAdd", "--module"], "flag --module needs a value"),
        (["--x"], "unknown flag --x"),
        (["CpAdd", "CpOther"], "unexpected argument 'CpOther'"),
        (["CpAdd", "--loud", "true"], "unexpected argument 'true'"),
        (["CpAdd", "--", "--loud"], "unexpected argument '--loud'"),
        (["CpAdd", "-x", "3"], "unknown flag -x\nhint: did you mean --x?"),
    ],
)
def test_a_command_line_that_cannot_be_read(capsys: pytest.CaptureFixture[str], args: list[str], said: str) -> None:
    assert said in refused(capsys, *args)


# --- tasks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [[], ["--local-scheduler"], [""]])
def test_no_task(args: list[str]) -> None:
    with pytest.raises(SystemExit, match="No task specified"):
        CmdlineParser(args)


def test_an_unknown_task_and_one_like_it() -> None:
    with pytest.raises(TaskClassNotFoundException) as error:
        CmdlineParser(["CpAdding"])
    assert "CpAdd" in error.value.hint


def test_a_task_named_without_its_namespace() -> None:
    with pytest.raises(TaskClassNotFoundException) as error:
        CmdlineParser(["CpSpaced"])
    assert error.value.hint == "did you mean cp.space.CpSpaced?"


def test_the_range_tasks_are_there() -> None:
    with pytest.raises(MissingParameterException):
        CmdlineParser(["RangeDaily"]).get_task_obj()


# --- the module ------------------------------------------------------------------------------------------------------


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory on the search path; modules imported from it are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("CpBehind", ["CpBehind", "--module", "cp_mod"]),
        ("CpBehindEqual", ["CpBehindEqual", "--module=cp_mod"]),
        ("CpAhead", ["--module", "cp_mod", "CpAhead"]),
        ("CpAheadEqual", ["--module=cp_mod", "CpAheadEqual"]),
    ],
)
def test_the_module_is_imported_first(modules: Path, name: str, args: list[str]) -> None:
    (modules / "cp_mod.py").write_text(f"import luigi\nclass {name}(luigi.Task): pass\n")
    assert task_of(*args).get_task_family() == name


def test_a_module_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError, match="there is no module 'cp_nowhere'"):
        CmdlineParser(["--module", "cp_nowhere", "CpAdd"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import cp_not_installed", "No module named 'cp_not_installed'"),
        ("raise KeyError('boom')", "KeyError: 'boom'"),
        ("def f(:", "SyntaxError"),
    ],
)
def test_a_module_that_fails(modules: Path, text: str, said: str) -> None:
    (modules / "cp_broken.py").write_text(text)
    with pytest.raises(ImportError, match="'cp_broken' failed while it was imported") as error:
        CmdlineParser(["--module", "cp_broken", "CpAdd"])
    assert said in str(error.value)
    assert not isinstance(error.value, ModuleNotFoundError)


# --- the global instance ---------------------------------------------------------------------------------------------


def test_there_is_one_inside_the_context_only() -> None:
    assert CmdlineParser.get_instance() is None
    with CmdlineParser.global_instance(["CpAdd"]) as parser:
        assert CmdlineParser.get_instance() is parser
    assert CmdlineParser.get_instance() is None


def test_a_second_one_must_be_allowed() -> None:
    with CmdlineParser.global_instance(["CpAdd"]) as outer:
        with pytest.raises(AssertionError), CmdlineParser.global_instance(["CpOther"]):
            pass
        with CmdlineParser.global_instance(["CpOther"], allow_override=True) as inner:
            assert CmdlineParser.get_instance() is inner
        assert CmdlineParser.get_instance() is outer


def test_it_is_gone_after_a_failure() -> None:
    with pytest.raises(KeyError), CmdlineParser.global_instance(["CpAdd"]):
        raise KeyError
    assert CmdlineParser.get_instance() is None


def test_a_program_may_read_the_texts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def _get_task_kwargs(self: CmdlineParser) -> dict[str, object]:
        texts = vars(self.known_args)
        return {name: param.parse(texts[name]) for name, param in self._get_task_cls().get_params() if texts[name]}

    with CmdlineParser.global_instance(["CpAdd", "--x", "3"]) as command_line:
        assert (command_line.known_args.x, command_line.known_args.day) == ("3", None)
        expected = command_line.get_task_obj()
        monkeypatch.setattr(CmdlineParser, "_get_task_kwargs", _get_task_kwargs)
        assert command_line.get_task_obj() is expected
