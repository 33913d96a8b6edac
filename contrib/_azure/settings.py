"""The section `[azureblob]`: who one is, where the account is, and how patient one is with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from luigi.plugin_settings import configured, setting

SECTION = "azureblob"


@dataclass(frozen=True)
class Settings:
    """The section `[azureblob]`; also what AzureBlobClient takes as keywords."""

    account_name: str = setting("", help="the storage account")
    account_key: str = setting("", help="a key of that account", secret=True)
    sas_token: str = setting("", help="a shared access signature, in place of the key", secret=True)
    connection_string: str = setting("", help="all of that in one, as Azure's portal shows it", secret=True)
    protocol: str = setting("https", help="https or http")
    endpoint_suffix: str = setting("core.windows.net", help="such as core.chinacloudapi.cn for Azure's other clouds")
    custom_domain: str = setting("", help="host and port that the account's name is appended to, as in an emulator")
    endpoint_url: str = setting("", help="the whole address of the account, in place of the three above")
    timeout: float = setting(60.0, help="seconds until a request is given up")
    retries: int = setting(
        5, help="how often a request is made again, with growing pauses, when the service is in trouble"
    )

    @property
    def address(self) -> str:
        """Where the account is."""
        if self.endpoint_url:
            return self.endpoint_url
        if self.custom_domain:
            return f"{self.protocol}://{self.custom_domain}/{self.account_name}"
        return f"{self.protocol}://{self.account_name}.blob.{self.endpoint_suffix}"


NAMES = frozenset(one.name for one in fields(Settings))
KEYS = ("account_key", "sas_token", "connection_string")


def current(given: Mapping[str, Any]) -> Settings:
    """The section as it is configured now, with values given in the program in place of it. Raises ConfigurationError.

    Whoever says in the program who asks means it without the keys that the section has for another.
    """
    section = configured(Settings, SECTION)
    others: dict[str, Any] = dict.fromkeys(KEYS, "") if {"account_name", *KEYS} & given.keys() else {}
    return replace(section, **{**others, **given})
