"""The section `[ssh]`: how long a machine is waited for. Who asks, and with which key, is for ~/.ssh/config to say."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.plugin_settings import configured, setting

SECTION = "ssh"


@dataclass(frozen=True)
class Settings:
    """The section `[ssh]`. What is 0 is left to the configuration of the program ssh."""

    connect_timeout: int = setting(
        60, help="seconds until a machine that does not answer is given up; 0: as ssh has it"
    )
    connection_attempts: int = setting(3, help="how often to try to connect, a second apart; 0: as ssh has it")
    alive_interval: int = setting(
        30, help="seconds of silence; the third time the connection is lost; 0: as ssh has it"
    )

    def options(self, connect_timeout: int | None = None) -> list[str]:
        """The same on the command line of ssh, with a time-out given in the program in place of the configured one."""
        said = {
            "ConnectTimeout": self.connect_timeout if connect_timeout is None else connect_timeout,
            "ConnectionAttempts": self.connection_attempts,
            "ServerAliveInterval": self.alive_interval,
        }
        return [word for name, value in said.items() if value for word in ("-o", f"{name}={value}")]


def current() -> Settings:
    """The section as it is configured now. Raises ConfigurationError."""
    return configured(Settings, SECTION)
