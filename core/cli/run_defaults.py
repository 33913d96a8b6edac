"""Where `kernel run` starts from other settings than `luigi`, which is bound to Luigi's: exit codes, logging,
and where the scheduler is.

Only where neither the configuration nor a flag says anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from luigi.configuration import get_config

EXIT_CODES = {
    "already_running": 10,
    "missing_data": 20,
    "not_run": 25,
    "task_failed": 30,
    "scheduling_error": 35,
}
"""What Luigi's manual recommends. `luigi` exits 0 unless `[retcode]` says otherwise, even when tasks fail."""

QUIET = "--log-level=WARNING"
"""The progress and the summary say what Luigi logs for each task."""

INFORMED = "--log-level=INFO"
"""A log for programs is the one place where they are told."""

FORMAT = "--log-format"

KEPT = "--worker-keep-output"
"""What tasks print is kept, for `kernel logs`."""

EMBEDDED = "--local-scheduler"
"""A run that names no server schedules itself; `luigi` looks for one at localhost."""

SERVER_FLAGS = ("--scheduler-host", "--scheduler-port", "--scheduler-url")
SCHEDULER_FLAGS = (EMBEDDED, *SERVER_FLAGS)
SCHEDULER_OPTIONS = ("local_scheduler", "scheduler_host", "scheduler_port", "scheduler_url")

LOGGING_FLAGS = ("--log-level", "--log-format", "--logging-conf-file")
LOGGING_OPTIONS = ("log_level", "log_format", "logging_conf_file", "no_configure_logging")


def default_flags(args: Sequence[str]) -> list[str]:
    """Flags to put ahead of `args`, which win over them."""
    config = get_config()
    codes = [
        f"--retcode-{name.replace('_', '-')}={code}"
        for name, code in EXIT_CODES.items()
        if not config.has_option("retcode", name)
    ]
    return [*logging_flags(args), *_scheduler_flags(args), *codes, *_output_flags()]


def logging_flags(args: Sequence[str]) -> list[str]:
    """What `kernel` says of logging ahead of `args`, which win over it."""
    if not logging_is_chosen(args):
        return [QUIET]
    says_level = _says(args, ["--log-level"], ["log_level"])
    return [] if says_level or not log_is_json(args) else [INFORMED]


def log_is_json(args: Iterable[str]) -> bool:
    """Whether the log is written for programs."""
    said = [value for flag, value in flag_values(args) if flag == FORMAT]
    return (said[-1] if said else get_config().get("core", "log_format", "text")) == "json"


def flag_values(args: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each flag with its value, behind it or behind an equals sign; empty where there is none."""
    words = list(args)
    for word, behind in zip(words, [*words[1:], ""][: len(words)], strict=True):
        flag, value = _parted(word)
        if flag.startswith("--"):
            yield flag, value if "=" in word or behind.startswith("--") else behind


def logging_is_chosen(args: Iterable[str]) -> bool:
    """Whether `args` or the configuration say what is logged."""
    return _says(args, LOGGING_FLAGS, LOGGING_OPTIONS) or get_config().has_section("logging")


def scheduler_is_chosen(args: Iterable[str]) -> bool:
    """Whether `args` or the configuration say where the scheduler is."""
    older = [f"default_{option}" for option in SCHEDULER_OPTIONS]
    return _says(args, SCHEDULER_FLAGS, [*SCHEDULER_OPTIONS, *older])


def is_scheduled_here(args: Iterable[str]) -> bool:
    """Whether the run schedules itself: also where the configuration names a server beside that."""
    if not scheduler_is_chosen(args):
        return True
    said = [value for flag, value in map(_parted, args) if flag == EMBEDDED]
    if said:
        return said[-1].lower() != "false"
    return not _given(args, SERVER_FLAGS) and _is_embedded_by_configuration()


def _output_flags() -> list[str]:
    return [] if get_config().has_option("worker", "keep_output") else [KEPT]


def _scheduler_flags(args: Sequence[str]) -> list[str]:
    """What is named on the command line wins over what the configuration says."""
    if not scheduler_is_chosen(args):
        return [EMBEDDED]
    is_overruled = _given(args, SERVER_FLAGS) and not _given(args, [EMBEDDED])
    return [f"{EMBEDDED}=false"] if is_overruled and _is_embedded_by_configuration() else []


def _is_embedded_by_configuration() -> bool:
    return bool(get_config().getboolean("core", "local_scheduler", False))


def _given(args: Iterable[str], flags: Iterable[str]) -> bool:
    return not {flag for flag, _ in map(_parted, args)}.isdisjoint(flags)


def _says(args: Iterable[str], flags: Iterable[str], options: Iterable[str]) -> bool:
    config = get_config()
    return _given(args, flags) or any(config.has_option("core", option) for option in options)


def _parted(argument: str) -> tuple[str, str]:
    """A flag, as it is written with dashes, and what stands behind its equals sign."""
    flag, _, value = argument.partition("=")
    return flag.replace("_", "-"), value
