"""Every mistake of the kernel's sections is named at once; everything Luigi knows, or a program owns, passes."""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path

import pytest

import luigi
from luigi.configuration import get_config, known
from luigi.configuration.check import BadConfiguration, ConfigurationWarning, check

MISTAKES = """\
[worker]
keep_alife = true
keep-alive = maybe
timeout = 1.5
max_keep_alive_idle_duration = soon

[core]
log_level = LOUD
retry_external_tasks = ${FOLDER}
unlike_any = 1

[resources]
hive = many

[cors]
allowed_origins = foo

[email]
method = 50%

[run.nightly]
module = tasks
"""

COMPLAINTS = [
    "luigi.cfg:2: [worker] has no option keep_alife (did you mean keep_alive?)",
    "luigi.cfg:3: [worker] keep-alive = 'maybe' is not true or false",
    "luigi.cfg:4: [worker] timeout = '1.5' is not an integer",
    "luigi.cfg:5: [worker] max_keep_alive_idle_duration = 'soon' is not a duration such as 90, 5 minutes or P1D",
    "luigi.cfg:8: [core] log_level = 'LOUD' is not one of NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL",
    "luigi.cfg:9 (with $FOLDER): [core] retry_external_tasks = '/data' is not true or false",
    "luigi.cfg:13: [resources] hive = 'many' is not a whole number, or a rate per second, minute, hour or day"
    " such as 10/minute",
    """luigi.cfg:16: [cors] allowed_origins = 'foo' is not a JSON list such as ["a", "b"]""",
    "luigi.cfg:21: [run.nightly] names no task (add a line task = NAME)",
]


def checked(folder: Path, text: str, name: str = "luigi.cfg") -> None:
    (folder / name).write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConfigurationWarning)
        check(get_config(name.partition(".")[2]))


def test_every_mistake_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDER", "/data")
    with pytest.raises(BadConfiguration) as caught:
        checked(folder, MISTAKES)
    lines = [line.strip() for line in str(caught.value).splitlines()]
    assert lines[0] == f"{len(COMPLAINTS) + 2} mistakes in the configuration:"
    assert [line for line in lines[1:] if line in COMPLAINTS] == COMPLAINTS
    assert any("luigi.cfg:10: [core] has no option unlike_any (it has assistant, autoload_range" in x for x in lines)
    assert any(line.startswith("luigi.cfg:19: [email] method = 50%: ") for line in lines)


def test_one_mistake_is_one_line_and_a_hint(folder: Path) -> None:
    with pytest.raises(BadConfiguration) as caught:
        checked(folder, "[worker]\nkeep_alife = true\n")
    assert str(caught.value) == "luigi.cfg:2: [worker] has no option keep_alife"
    assert caught.value.hint == "did you mean keep_alive?"


def test_the_same_mistakes_in_toml(folder: Path) -> None:
    text = '[worker]\nkeep_alive = 1\ntimeout = true\nwait_interval = "x"\n[core]\nmodule = ["a"]\n[run.nightly]\n'
    with pytest.raises(BadConfiguration) as caught:
        checked(folder, text, "luigi.toml")
    assert [problem.place for problem in caught.value.problems] == [f"luigi.toml:{line}" for line in (2, 3, 4, 6, 7)]


GOOD = [
    "[core]\ndefault-scheduler-host: h\nparallel-scheduling: False\nno_lock: True\nautoload_range: no\n",
    "[core]\nerror-email = a@b\nworker-keep-alive = true\nsmtp_port = 25\nrpc-connect-timeout = 30\n",
    "[email]\nforce-send=False\nmethod=smtp\ntype = ses\nSENGRID_API_KEY = x\n[smtp]\nport=${NOT_SET_ANYWHERE}\n",
    "[DEFAULT]\nhtcondor_memory = 2\nlocal_scheduler = True\n[core]\nno_lock = True\n[worker]\nkeep_alive = False\n",
    "[scheduler]\nremove-delay: 86400\nmetrics_collector = custom\n[task_history]\ndb_connection = sqlite://\n",
    "[batch-notifier]\nemail-interval-minutes = 5\n[batch_notifier]\nerror_lines=0\n[batch_email]\nbatch_mode = all\n",
    "[logging]\nversion = 1\nroot = x\n[resources]\nany thing = 3\n[hadoop]\nversion = cdh4\n[spark]\nnew = x\n",
    '[cors]\nallowed_origins = ["a"]\nenabled = true\n[execution_summary]\nsummary_length = 0\n',
    "[worker]\nmax_keep_alive_idle_duration = 2 hours\ncount_last_scheduled = false\n[mine]\nwhatever = 1\n",
    "[run.nightly]\nmodule = tasks\ntask = Report\ndate = 2013-07-04\n",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_passes(folder: Path, text: str) -> None:
    checked(folder, text)


@pytest.mark.parametrize(
    "text",
    [
        "[worker]\nkeep_alive = true\nmax_keep_alive_idle_duration = 90\n[my.Task]\nx = 1\n",
        '[run.nightly]\ntask = "Report"\n[logging.handlers.h]\nclass = "x"\n[cors]\nallowed_origins = ["a"]\n',
    ],
)
def test_toml_that_is_right_passes(folder: Path, text: str) -> None:
    checked(folder, text, "luigi.toml")


@pytest.mark.parametrize(
    ("section", "meant"),
    [("woker", "worker"), ("Worker", "worker"), ("task-history", "task_history"), ("retcodes", "retcode")],
)
def test_a_slip_of_a_known_section_is_a_warning(folder: Path, section: str, meant: str) -> None:
    (folder / "luigi.cfg").write_text(f"\n[{section}]\na = 1\n[quite_other]\nb = 1\n")
    with pytest.warns(ConfigurationWarning) as caught:
        check(get_config())
    assert [str(warning.message) for warning in caught] == [
        f"luigi.cfg:2: nobody reads section [{section}]: did you mean [{meant}]?"
    ]


def test_a_slip_of_a_task_is_a_warning(folder: Path) -> None:
    class CheckedTask(luigi.Task):
        task_namespace = "some.space"

    assert CheckedTask.get_task_family() == "some.space.CheckedTask"
    (folder / "luigi.cfg").write_text("[checked_task]\na = 1\n[CheckedTasks]\na = 1\n[some.space.CheckedTask]\na = 1\n")
    with pytest.warns(ConfigurationWarning) as caught:
        check(get_config())
    assert [str(warning.message) for warning in caught] == [
        "luigi.cfg:1: nobody reads section [checked_task]: did you mean [some.space.CheckedTask]?"
    ]


def test_options_of_older_releases_are_a_warning(folder: Path) -> None:
    (folder / "luigi.cfg").write_text("[scheduler]\ndisable-window-seconds = 1\n[core]\ntmp-dir = /tmp\n")
    with pytest.warns(ConfigurationWarning) as caught:
        check(get_config())
    assert str(caught[0].message) == (
        "luigi.cfg:2: [scheduler] disable-window-seconds is not read: use disable_window; "
        "luigi.cfg:4: [core] tmp-dir is not read: use the environment variable TMPDIR"
    )


CLASSES = {
    "core": "luigi.interface",
    "worker": "luigi.worker",
    "scheduler": "luigi.scheduler.config",
    "processes": "luigi.executors.config",
    "retcode": "luigi.retcodes",
    "execution_summary": "luigi.execution_summary",
}


@pytest.mark.parametrize(("section", "module"), CLASSES.items())
def test_the_kernels_own_classes_agree_with_what_is_known(folder: Path, section: str, module: str) -> None:
    importlib.import_module(module)
    for name, parameter in luigi.task_register.Register.get_task_cls(section).get_params():
        default = parameter.task_value(section, name)
        if default is not None:
            known.KERNEL[section][name].read(parameter.serialize(default))


def test_a_section_that_a_parameter_reads_is_no_slip(folder: Path) -> None:
    class Shop(luigi.Task):
        path = luigi.Parameter(config_path={"section": "shop", "name": "path"})

    assert Shop.task_family == "Shop"
    checked(folder, "[shop]\npath = here\n")
