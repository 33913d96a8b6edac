"""Sets logging up for a run (`InterfaceLogging`) or for the scheduler's server (`DaemonLogging`), once a process.

The first of these that applies decides: `[core] no_configure_logging`; what the command line says (the server's
`--background` and `--logdir`, a run's `--logging-conf-file`); `[core] logging_conf_file`; the `[logging]` section of
a TOML file; the log level. A run's options come with the configuration's `[core]` section already in them.
"""

from __future__ import annotations

import logging
import os
from typing import Any, ClassVar

from luigi.configuration import get_config
from luigi.errors import ConfigurationError, did_you_mean
from luigi.logging_file import configure_from_dict, configure_from_file

LEVELS = ("NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SERVER_LOG = "luigi-server.log"
LEVEL = "level"


class _DefaultOptions:
    """The options of someone who gives none."""

    background: ClassVar[bool | None] = None
    logdir: ClassVar[str | None] = None
    logging_conf_file: ClassVar[str | None] = None
    log_level: ClassVar[str] = "DEBUG"


class _ConfigurationInUse:
    """An attribute that is the configuration in use when it is looked at. A program may assign another."""

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return get_config()


class BaseLogging:
    """The order in which places are asked. Subclasses say how each place sets logging up."""

    config: ClassVar[Any] = _ConfigurationInUse()
    is_own: ClassVar[bool] = True
    """Whether nobody but the kernel has said where the log goes: it goes to stderr."""
    _configured: ClassVar[bool] = False

    @classmethod
    def setup(cls, opts: Any = _DefaultOptions) -> bool:
        """Set logging up as `opts` and the configuration say, unless this class has done so before.

        `opts` has the attributes background, logdir, logging_conf_file and log_level. False when nothing was done.
        Raises ConfigurationError when a logging configuration cannot be used.
        """
        logger = logging.getLogger("luigi")
        if cls._configured:
            logger.info("logging is configured already")
            return False
        cls._configured = True
        if cls.config.getboolean("core", "no_configure_logging", False):
            logger.info("logging is left alone: [core] no_configure_logging")
            cls.is_own = False
            return False
        decided_by = cls._first_that_applies(opts)
        cls.is_own = decided_by == LEVEL
        logger.info("logging configured by %s", decided_by)
        return True

    @classmethod
    def _first_that_applies(cls, opts: Any) -> str:
        if cls._cli(opts):
            return "the command line"
        if cls._conf(opts):
            return "a file"
        if cls._section(opts):
            return "section [logging]"
        cls._default(opts)
        return LEVEL

    @classmethod
    def _cli(cls, opts: Any) -> bool:
        return False

    @classmethod
    def _conf(cls, opts: Any) -> bool:
        raise NotImplementedError

    @classmethod
    def _section(cls, opts: Any) -> bool:
        section = cls.config.table("logging")
        if section:
            configure_from_dict(section, str(cls.config.origin("logging") or "[logging]"))
        return bool(section)

    @classmethod
    def _default(cls, opts: Any) -> None:
        raise NotImplementedError


class DaemonLogging(BaseLogging):
    """Logging of the scheduler's server: the root logger, at INFO unless a file or section says otherwise."""

    _configured: ClassVar[bool] = False

    @classmethod
    def _cli(cls, opts: Any) -> bool:
        if opts.background:
            logging.getLogger().setLevel(logging.INFO)  # daemonising has given it a handler
        elif opts.logdir:
            os.makedirs(opts.logdir, exist_ok=True)
            cls._add_to_root(logging.FileHandler(os.path.join(opts.logdir, SERVER_LOG)))
        return bool(opts.background or opts.logdir)

    @classmethod
    def _conf(cls, opts: Any) -> bool:
        path = cls.config.get("core", "logging_conf_file", None)
        if path:
            configure_from_file(path)
        return bool(path)

    @classmethod
    def _default(cls, opts: Any) -> None:
        cls._add_to_root(logging.StreamHandler())

    @staticmethod
    def _add_to_root(handler: logging.Handler) -> None:
        from luigi.process import get_log_format

        handler.setFormatter(logging.Formatter(get_log_format()))
        logging.getLogger().setLevel(logging.INFO)
        logging.getLogger().addHandler(handler)


class InterfaceLogging(BaseLogging):
    """Logging of a run: the logger `luigi-interface`, at `log_level`, unless a file or section says otherwise.

    With the `log_format` json what reaches the root logger, and warnings, come as JSON, too.
    """

    _configured: ClassVar[bool] = False
    is_json: ClassVar[bool] = False
    """Whether it was set up to write JSON."""

    @classmethod
    def _conf(cls, opts: Any) -> bool:
        if opts.logging_conf_file:
            configure_from_file(opts.logging_conf_file)
        return bool(opts.logging_conf_file)

    @classmethod
    def _default(cls, opts: Any) -> None:
        level = _level(opts.log_level or cls.config.get("core", "log_level", "DEBUG"))
        cls.is_json = getattr(opts, "log_format", "text") == "json"
        handler = logging.StreamHandler()
        handler.setLevel(level)
        logger = logging.getLogger("luigi-interface")
        logger.setLevel(level)
        if cls.is_json:
            from luigi.logging_json import JsonLines

            handler.setFormatter(JsonLines())
            logging.getLogger().addHandler(handler)
            logging.captureWarnings(True)
        else:
            handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
            logger.addHandler(handler)


def _level(name: str) -> str:
    if name.upper() not in LEVELS:
        hint = did_you_mean(name, LEVELS) or f"one of {', '.join(LEVELS)}"
        raise ConfigurationError(f"there is no log level {name!r}", hint=hint)
    return name.upper()
