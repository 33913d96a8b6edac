"""The section `[salesforce]`: who asks, and where."""

from __future__ import annotations

import luigi
from luigi.parameter import ParameterVisibility

SECTION = "salesforce"


def _secret(description: str) -> luigi.Parameter[str]:
    return luigi.Parameter(default="", visibility=ParameterVisibility.PRIVATE, description=description)


class salesforce(luigi.Config):  # its name is the section's
    """The section `[salesforce]`."""

    username: str = luigi.Parameter(default="", description="who asks; for a sandbox without its name")
    password: str = _secret("of that user")
    security_token: str = _secret("what Salesforce wants after the password, from addresses it does not know")
    sb_security_token: str = _secret("the same, for the sandbox")
    login_url: str = luigi.Parameter(
        default="",
        description="such as https://mine.my.salesforce.com; else login.salesforce.com, or test. for sandboxes",
    )
    client_id: str = luigi.Parameter(
        default="", description="of a connected app that may sign in by itself: in place of user and password"
    )
    client_secret: str = _secret("of that app")
    timeout: float = luigi.FloatParameter(default=60.0, description="seconds until a request is given up")
    retries: int = luigi.IntParameter(default=5, description="how often it is made again when there is no answer")
