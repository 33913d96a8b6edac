"""Where `kernel run` starts from other settings than `luigi`, which is bound to Luigi's: exit codes and logging.

Only where neither the configuration nor a flag says anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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

LOGGING_FLAGS = ("--log-level", "--logging-conf-file")
LOGGING_OPTIONS = ("log_level", "logging_conf_file", "no_configure_logging")


def default_flags(args: Sequence[str]) -> list[str]:
    """Flags to put ahead of `args`, which win over them."""
    config = get_config()
    codes = [
        f"--retcode-{name.replace('_', '-')}={code}"
        for name, code in EXIT_CODES.items()
        if not config.has_option("retcode", name)
    ]
    return codes if logging_is_chosen(args) else [QUIET, *codes]


def logging_is_chosen(args: Iterable[str]) -> bool:
    """Whether `args` or the configuration say what is logged."""
    config = get_config()
    return (
        any(argument.partition("=")[0].replace("_", "-") in LOGGING_FLAGS for argument in args)
        or any(config.has_option("core", option) for option in LOGGING_OPTIONS)
        or config.has_section("logging")
    )
