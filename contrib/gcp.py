"""Google Cloud: who asks, for all that is built on Google's API client."""

from __future__ import annotations

from typing import Any

from luigi.extras import need

__all__ = ["get_authenticate_kwargs"]

SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def get_authenticate_kwargs(oauth_credentials: Any = None, http_: Any = None) -> dict[str, Any]:
    """The keywords for `googleapiclient.discovery.build` that say who asks.

    Credentials that are given, else a connection that is given, else the machine's application default credentials,
    else a connection of nobody, which is enough for what is public. Raises MissingExtra.
    """
    if oauth_credentials is not None:
        return {"credentials": oauth_credentials}
    if http_ is not None:
        return {"http": http_}
    credentials = default_credentials()
    if credentials is not None:
        return {"credentials": credentials}
    return {"http": need("googleapiclient.http", "gcs", "luigi.contrib.gcp").build_http()}


def default_credentials() -> Any:
    """The application default credentials of this machine, or None. Raises MissingExtra."""
    auth = need("google.auth", "gcs", "luigi.contrib.gcp")
    try:
        credentials, _ = auth.default(scopes=[SCOPE])
    except auth.exceptions.DefaultCredentialsError:
        return None
    return credentials
