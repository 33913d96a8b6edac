"""The sections [hdfs] and [hadoopcli], and what follows from them: the client, the command, temporary paths."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import luigi

__all__ = [
    "get_configured_hadoop_version",
    "get_configured_hdfs_client",
    "hadoopcli",
    "hdfs",
    "load_hadoop_cmd",
    "tmppath",
]


class hdfs(luigi.Config):
    """Where HDFS is and who talks to it."""

    client_version = luigi.IntParameter(default=None, description="nothing reads it any more: it was for snakebite")
    namenode_host = luigi.OptionalParameter(
        default=None, description="the host of the namenode, for webhdfs; two that stand in for each other: a;b"
    )
    namenode_port = luigi.IntParameter(default=None, description="nothing reads it any more: it was for snakebite")
    client = luigi.Parameter(default="hadoopcli", description="hadoopcli, the hadoop command; or webhdfs, over HTTP")
    tmp_dir = luigi.OptionalParameter(
        default=None,
        config_path={"section": "core", "name": "hdfs-tmp-dir"},
        description="where in HDFS files are written until they are whole; the machine's own, as in /tmp, unless given",
    )


class hadoopcli(luigi.Config):
    """The `hadoop` command."""

    command = luigi.Parameter(
        default="hadoop",
        config_path={"section": "hadoop", "name": "command"},
        description="the program, with options for all it does",
    )
    version = luigi.Parameter(
        default="cdh4",
        config_path={"section": "hadoop", "name": "version"},
        description="cdh4 for Hadoop 2 and later; cdh3; apache1",
    )


def load_hadoop_cmd() -> list[str]:
    """The program and its options, as `[hadoop] command` has them."""
    import shlex

    return shlex.split(hadoopcli().command)


def get_configured_hadoop_version() -> str:
    """`[hadoop] version` in small letters: cdh4, cdh3 or apache1."""
    return str(hadoopcli().version).lower()


def get_configured_hdfs_client() -> str:
    """`[hdfs] client`: hadoopcli or webhdfs."""
    return str(hdfs().client)


def tmppath(path: str | None = None, include_unix_username: bool = True) -> str:
    """A path that nobody else has, to write to until what belongs at `path` is whole.

    It lies in `[hdfs] tmp_dir`, in a folder of the user's own, at the same file system as `path`: a rename gets it
    from there to `path`.
    """
    import getpass
    import tempfile

    here = tempfile.gettempdir()
    folder, wanted = urlsplit(hdfs().tmp_dir or here), urlsplit(path or "")
    inner = wanted.path.removeprefix(f"{here}/") if not wanted.scheme else wanted.path
    name = f"{inner.strip('/')}-luigitemp-{_digits()}".removeprefix("-")
    parts = [folder.path.rstrip("/"), *([getpass.getuser()] if include_unix_username else []), name]
    system = folder if folder.scheme else wanted
    return _with_path(system.scheme, system.netloc, "/".join(parts))


def _with_path(scheme: str, host: str, path: str) -> str:
    if scheme and not host and scheme != "file":  # hdfs:/a, which means the default one
        return f"{scheme}:{path}"
    return urlunsplit((scheme, host, path, "", ""))


def _digits() -> str:
    return str(int.from_bytes(os.urandom(8)) % 10_000_000_000)
