"""The section `[OpenPai]`: where OpenPAI is, and who asks."""

from __future__ import annotations

import luigi
from luigi.parameter import ParameterVisibility


class OpenPai(luigi.Config):
    """The section `[OpenPai]`."""

    pai_url: str = luigi.Parameter(default="http://127.0.0.1:9186", description="the address of its REST server")
    username: str = luigi.Parameter(default="admin", description="who asks")
    password: str | None = luigi.OptionalParameter(
        default=None, visibility=ParameterVisibility.PRIVATE, description="of that user"
    )
    expiration: int = luigi.IntParameter(default=3600, description="seconds for which a token is asked for")
    jobs_path: str = luigi.Parameter(
        default="/api/v1/jobs", description="from OpenPAI 0.9 on /api/v1/user/{username}/jobs"
    )
    timeout: float = luigi.FloatParameter(default=60.0, description="seconds until a request is given up")
    retries: int = luigi.IntParameter(default=5, description="how often it is made again when there is no answer")
