"""Where WebHDFS is and as whom it is asked; the connection to it."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import luigi
from luigi.contrib.hdfs.config import hdfs
from luigi.errors import ConfigurationError
from luigi.extras import need

AWAY = (502, 503, 504)
"""What is answered for a server that does not answer itself."""


class webhdfs(luigi.Config):
    """How HDFS is reached over HTTP."""

    port = luigi.IntParameter(default=50070, description="the namenode's HTTP port; since Hadoop 3 that is 9870")
    user = luigi.Parameter(
        default="", config_path={"section": "hdfs", "name": "user"}, description="who asks; who runs this, unless given"
    )
    client_type = luigi.ChoiceParameter(
        default="insecure", choices=["insecure", "kerberos"], description="insecure, or kerberos"
    )
    timeout = luigi.FloatParameter(default=120.0, description="seconds that the server may be silent in an answer")
    attempts = luigi.IntParameter(default=3, description="how often a server that is away is asked before giving up")


class NoNamenode(ConfigurationError):
    """Nothing says where the namenode is."""

    def __init__(self) -> None:
        super().__init__("WebHDFS needs to know the host of the namenode")
        self.hint = "add it to the configuration: [hdfs] namenode_host"


class NoKerberos(ConfigurationError):
    """The package that speaks Kerberos is missing."""

    def __init__(self) -> None:
        super().__init__("[webhdfs] client_type = kerberos needs the package requests-kerberos")
        self.hint = 'pip install "hdfs[kerberos]"'


class WebHdfsConnection:
    """A connection that is made when it is needed, and again in a forked child."""

    def __init__(
        self, host: str | None = None, port: int | None = None, user: str | None = None, client_type: str | None = None
    ) -> None:
        settings = webhdfs()
        self.host = host or hdfs().namenode_host
        if not self.host:
            raise NoNamenode()
        self.port = port or settings.port
        self.user = user or settings.user or _this_user()
        self.client_type = client_type or settings.client_type
        self._timeout = settings.timeout
        self._attempts = settings.attempts
        self._made: tuple[int, Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Connections stay where they are."""
        return {**self.__dict__, "_made": None}

    @property
    def url(self) -> str:
        """Where the namenode is; several with a semicolon between them."""
        hosts = [host if "://" in host else f"http://{host}" for host in str(self.host).split(";")]
        return ";".join(f"{host}:{self.port}" for host in hosts)

    @property
    def client(self) -> Any:
        """The `hdfs.Client` that does the work. Raises MissingExtra, or NoKerberos."""
        if self._made is None or self._made[0] != os.getpid():
            self._made = os.getpid(), self._make()
        return self._made[1]

    def _make(self) -> Any:
        package = need("hdfs", "hdfs", "WebHDFS")
        options = {"timeout": self._timeout, "session": _patient_session(self._attempts)}
        if self.client_type == "kerberos":
            return _kerberos_client()(self.url, **options)
        return package.InsecureClient(self.url, user=self.user, **options)

    @property
    def _refusal(self) -> type[Exception]:
        return need("hdfs", "hdfs", "WebHDFS").HdfsError  # type: ignore[no-any-return]


def on_server(path: str) -> str:
    """What a path is called on the server: /path for hdfs://host/path."""
    if "://" not in path:
        return path
    return path.partition("://")[2].removeprefix(urlsplit(path).netloc) or "/"


def _patient_session(attempts: int) -> Any:
    """A session of requests that tries again where that does no harm.

    That is what only asks, where the connection breaks or a proxy has nobody behind it; and anything, as long as there
    is no connection.
    """
    requests, adapters = need("requests", "hdfs"), need("requests.adapters", "hdfs")
    retries = need("urllib3.util", "hdfs").Retry(
        max(attempts, 1) - 1,
        allowed_methods={"GET"},
        status_forcelist=AWAY,
        backoff_factor=0.2,
        raise_on_status=False,
        respect_retry_after_header=False,  # it may be an hour, and waiting is the scheduler's
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapters.HTTPAdapter(max_retries=retries))
    return session


def _this_user() -> str:
    import getpass

    return getpass.getuser()


def _kerberos_client() -> Any:
    from importlib import import_module

    try:
        return import_module("hdfs.ext.kerberos").KerberosClient
    except ImportError as error:
        raise NoKerberos() from error
