"""The sections `[email]`, `[smtp]` and `[sendgrid]` of the configuration, and Luigi's older places of their options."""

from __future__ import annotations

import platform
from typing import Any, Unpack

from luigi.parameter import (
    BoolParameter,
    ChoiceParameter,
    FloatParameter,
    IntParameter,
    OptionalParameter,
    Parameter,
    ParameterVisibility,
)
from luigi.parameter.declaration import ParameterKwargs
from luigi.task import Config

DEFAULT_CLIENT_EMAIL = f"luigi-client@{platform.node()}"
"""The sender, unless configured."""


class MailerParameter(ChoiceParameter[str]):
    """The name of a mailer. Which there are is not known here: plugins offer them."""

    def __init__(self, default: str, **kwargs: Unpack[ParameterKwargs]) -> None:
        """`default`: the mailer unless another is named."""
        super().__init__(default=default, choices=(default,), **kwargs)
        self.description = kwargs.get("description")

    def parse(self, x: Any) -> str:
        """The text itself."""
        return str(x)

    def normalize(self, x: str) -> str:
        """The text itself."""
        return x

    def describe(self) -> str:
        """What the text is."""
        return "the name of a mailer"


def _core(name: str) -> dict[str, str]:
    """The option's older place: section [core]."""
    return {"section": "core", "name": name}


class email(Config):
    """Whether e-mail is sent, how, and to whom."""

    force_send = BoolParameter(default=False, description="send e-mail also when the output goes to a terminal")
    format = ChoiceParameter(
        default="plain",
        config_path=_core("email-type"),
        choices=("plain", "html", "none"),
        description="how e-mail is written; none sends no e-mail at all",
    )
    method = MailerParameter(
        default="smtp",
        config_path={"section": "email", "name": "type"},
        description="what sends e-mail: smtp, sendgrid, ses, sns, or one that a plugin offers",
    )
    prefix = Parameter(default="", config_path=_core("email-prefix"), description="what every subject starts with")
    receiver = Parameter(
        default="",
        config_path=_core("error-email"),
        description="the address that hears of every error, or several with commas; for sns the ARN of a topic",
    )
    traceback_max_length = IntParameter(default=5000, description="characters of a traceback that an e-mail has")
    sender = Parameter(
        default=DEFAULT_CLIENT_EMAIL, config_path=_core("email-sender"), description="the address e-mail comes from"
    )


class smtp(Config):
    """The SMTP server that takes e-mail."""

    host = Parameter(default="localhost", config_path=_core("smtp_host"), description="where it runs")
    local_hostname = OptionalParameter(
        default=None, config_path=_core("smtp_local_hostname"), description="the name to greet it with"
    )
    no_tls = BoolParameter(
        default=False, config_path=_core("smtp_without_tls"), description="do not encrypt, also when it offers to"
    )
    password = OptionalParameter(
        default=None,
        config_path=_core("smtp_password"),
        visibility=ParameterVisibility.PRIVATE,
        description="to log in with",
    )
    port = IntParameter(default=0, config_path=_core("smtp_port"), description="its port; 0 for the usual one")
    ssl = BoolParameter(
        default=False, config_path=_core("smtp_ssl"), description="encrypt from the first byte on, rather than STARTTLS"
    )
    timeout = FloatParameter(
        default=10.0, config_path=_core("smtp_timeout"), description="seconds until an answer is given up"
    )
    username = OptionalParameter(
        default=None, config_path=_core("smtp_login"), description="who to log in as; it needs a password too"
    )
    verify_certificate = BoolParameter(
        default=False,
        description="send nothing to a server that no authority known to this machine (or SSL_CERT_FILE) vouches for",
    )


class sendgrid(Config):
    """The SendGrid account that sends e-mail."""

    apikey = Parameter(
        config_path={"section": "email", "name": "SENGRID_API_KEY"},
        visibility=ParameterVisibility.PRIVATE,
        description="the account's API key",
    )
    host = Parameter(default="https://api.sendgrid.com", description="the service's address: others have other regions")
    timeout = FloatParameter(default=10.0, description="seconds until an answer is given up")
