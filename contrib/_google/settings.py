"""What each section for one of Google's services says: who one is, where it is, and how patient one is with it."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.plugin_settings import setting


@dataclass(frozen=True)
class Account:
    """The options that all these sections have."""

    credentials_file: str = setting("", help="the key file of a service account; else what Google finds by itself")
    anonymous: bool = setting(False, help="ask as nobody: for what is public, and for emulators")
    endpoint_url: str = setting("", help="the address of a service that is not Google's")
    timeout: float = setting(60.0, help="seconds until a request is given up")
    retries: int = setting(
        5, help="how often a request is made again, with growing pauses, when the service is in trouble"
    )
