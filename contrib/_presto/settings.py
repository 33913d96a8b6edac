"""The section `[presto]`: where the server is, who asks, and for how long."""

from __future__ import annotations

import luigi
from luigi.parameter import ParameterVisibility


class presto(luigi.Config):
    """The section `[presto]` as it is configured now."""

    host = luigi.Parameter(default="localhost", description="the server")
    port = luigi.IntParameter(default=8090, description="its port")
    user = luigi.Parameter(default="anonymous", description="who asks")
    catalog = luigi.Parameter(default="hive", description="where databases are looked for")
    password = luigi.OptionalParameter(
        default=None, description="with which password; needs https", visibility=ParameterVisibility.PRIVATE
    )
    protocol = luigi.Parameter(default="https", description="https, or http")
    poll_interval = luigi.FloatParameter(default=1.0, description="seconds between two looks at a query")
    verify = luigi.Parameter(default="true", description="a file of certificates to trust, or false to check none")
    timeout = luigi.FloatParameter(default=60.0, description="seconds until a server that does not answer is given up")
    retries = luigi.IntParameter(default=5, description="how often a server that is away or busy is asked again")
    dialect = luigi.Parameter(default="presto", description="what the server is: presto, or trino")


def verified(said: str) -> bool | str:
    """What `verify` means to the library requests."""
    return {"true": True, "false": False}.get(said.casefold(), said)
