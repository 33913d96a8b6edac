"""The `[server]` section of the configuration: where the server listens and whom it believes."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.errors import ConfigurationError
from luigi.plugin_settings import setting

SECTION = "server"


@dataclass(frozen=True)
class ServerSettings:
    """The options of `[server]`. Flags of `kernel serve` have the same names and go before them."""

    address: str = setting("", help="the address to listen on; this machine's own alone, unless one is given")
    port: int = setting(8082, help="the port to listen on")
    unix_socket: str = setting("", help="the path of a Unix socket to listen on, in place of address and port")
    insecure: bool = setting(False, help="whether a public address is allowed without authentication")
    url_prefix: str = setting("", help="what a proxy puts before every path: /luigi")
    trusted_proxies: tuple[str, ...] = setting((), help="addresses of proxies whose X-Forwarded headers are believed")
    allowed_hosts: tuple[str, ...] = setting(
        (), help="names under which browsers may reach it, beside the machine's own"
    )
    tokens_file: str = setting("", help="the file of tokens and their roles; `kernel tokens` writes it")
    authenticators: tuple[str, ...] = setting((), help="further ways to tell who calls, by plugins' names")
    session_secret: str = setting(
        "", help="what signs session cookies; made anew at each start, unless given", secret=True
    )
    session_hours: float = setting(12.0, help="hours until somebody who signed in has to do so again")
    state_store: str = setting("sqlite", help="where the scheduler's state is kept: a plugin's name")
    threads: int = setting(12, help="how many calls are answered at a time")
    connections: int = setting(10_000, help="how many connections are held open: a worker has two")
    idle_timeout: float = setting(120.0, help="seconds until a connection that nobody uses is closed")
    max_body: int = setting(64 * 1024 * 1024, help="bytes of a call's body at most")
    rate_limit: float = setting(0.0, help="calls a second of one browser or worker's address; 0 for as many as come")
    tick_interval: float = setting(1.0, help="seconds between two looks at what time has brought")

    logs_dir: str = setting("", help="the folder for what tasks print; unless given, `logs` beside the state")
    log_bytes: int = setting(4 * 1024 * 1024, help="bytes kept of one attempt's output: its beginning and its end")
    log_keep_hours: float = setting(168.0, help="hours that output is kept")
    log_total_bytes: int = setting(4 * 1024**3, help="bytes of output kept in all: the oldest goes first")

    def __post_init__(self) -> None:
        """Raises ConfigurationError for numbers with which no server could run."""
        positive = "log_bytes", "log_keep_hours", "log_total_bytes"
        for name in (*positive, "threads", "connections", "max_body", "idle_timeout", "session_hours", "tick_interval"):
            if not getattr(self, name) > 0:
                raise ConfigurationError(f"[{SECTION}] {name} = {getattr(self, name)}: it must be above 0")
        if not 0 <= self.port <= 65535:
            raise ConfigurationError(f"[{SECTION}] port = {self.port}: it must be from 0 to 65535; 0 for any free one")
        if self.url_prefix and not self.url_prefix.startswith("/"):
            raise ConfigurationError(f"[{SECTION}] url_prefix = {self.url_prefix}: it must begin with a slash")
