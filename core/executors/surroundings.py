"""What a child that is not forked lacks of its parent: the configuration as it is now, the command line, the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from luigi.cmdline_parser import CmdlineParser
from luigi.configuration import get_config


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Picklable, and put up in the child before anything else is unpickled there."""

    configuration: Any
    command_line: CmdlineParser | None
    log_level: str | None
    """None when the kernel has not set up logging: then neither does the child."""
    log_format: str = "text"

    @classmethod
    def here(cls) -> Surroundings:
        """Those of this process."""
        from luigi.setup_logging import InterfaceLogging

        level = logging.getLevelName(logging.getLogger("luigi-interface").getEffectiveLevel())
        log_format = "json" if InterfaceLogging.is_json else "text"
        log_level = level if InterfaceLogging._configured else None
        return cls(get_config(), CmdlineParser.get_instance(), log_level, log_format)

    def put_up(self) -> None:
        """Make them this process's own, for good."""
        from luigi.core_section import core
        from luigi.setup_logging import InterfaceLogging

        type(self.configuration)._instance = self.configuration
        CmdlineParser._instance = self.command_line
        if self.log_level is not None:
            InterfaceLogging.setup(core(log_level=self.log_level, log_format=self.log_format))
