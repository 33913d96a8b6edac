"""The section `[s3]`: who one is, where the service is, and how objects are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from luigi.plugin_settings import configured, setting

SECTION = "s3"

DEFAULT_PART_SIZE = 8388608
DEFAULT_THREADS = 100


@dataclass(frozen=True)
class Settings:
    """The section `[s3]`. What is empty is left to Amazon's own configuration."""

    aws_access_key_id: str = setting("", help="who asks")
    aws_secret_access_key: str = setting("", help="the key to sign with", secret=True)
    aws_session_token: str = setting("", help="what comes with keys that were lent for a while", secret=True)
    aws_role_arn: str = setting("", help="the role to work in; it is asked for again before it expires")
    aws_role_session_name: str = setting("luigi", help="the name of that session in Amazon's logs")
    profile_name: str = setting("", help="the profile in ~/.aws to take credentials and region from")
    region_name: str = setting("", help="such as eu-central-1")
    endpoint_url: str = setting("", help="the address of a service that is not Amazon's")
    addressing_style: str = setting("auto", help="where the bucket stands: in the path, or virtual, in the host name")
    use_ssl: bool = setting(True, help="whether to use https where endpoint_url does not say")
    verify: str = setting("", help="a file of certificates to trust, or false to check none")
    api_version: str = setting("", help="of the service's interface")
    acl: str = setting("", help="who may read what is written, such as bucket-owner-full-control")
    server_side_encryption: str = setting("", help="how objects are kept: AES256 or aws:kms")
    sse_kms_key_id: str = setting("", help="the key for aws:kms")
    storage_class: str = setting("", help="such as STANDARD_IA")

    @property
    def upload_options(self) -> dict[str, str]:
        """What is said of every object that is written, by boto3's names."""
        said = {
            "ACL": self.acl,
            "ServerSideEncryption": self.server_side_encryption,
            "SSEKMSKeyId": self.sse_kms_key_id,
            "StorageClass": self.storage_class,
        }
        return {name: value for name, value in said.items() if value}


NAMES = frozenset(one.name for one in fields(Settings))


def current(given: Mapping[str, Any]) -> Settings:
    """The section as it is configured now, with values given in the program in place of it. Raises ConfigurationError.

    Whoever gives a key means it without the token, or the profile, that the section has for another.
    """
    from luigi.configuration import get_config

    config = get_config()
    section = _read(tuple((name, config.get(SECTION, name)) for name in config.own_options(SECTION)))
    others: dict[str, Any] = {"aws_session_token": "", "profile_name": ""} if given.get("aws_access_key_id") else {}
    return replace(section, **{**others, **given}) if given else section


@lru_cache(maxsize=8)
def _read(said: tuple[tuple[str, Any], ...]) -> Settings:
    """The section, of which `said` is all there is: it is asked for with every call, and seldom another."""
    return configured(Settings, SECTION)
