"""The way to a cluster: by a kubeconfig, or from within it by a pod's service account."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from luigi.contrib._kubernetes.errors import EXTRA, WHO, NoCredentials, UnknownAuthMethod
from luigi.extras import need

SERVICE_ACCOUNT = "the service account of this pod"


class Way(NamedTuple):
    """A client of a cluster."""

    client: Any
    """A `kubernetes.client.ApiClient`."""
    namespace: str
    """Where jobs go unless it is said."""


def way(auth_method: str, kubeconfig_path: str) -> Way:
    """The way that is configured. Raises MissingExtra, UnknownAuthMethod and NoCredentials."""
    if auth_method == "kubeconfig":
        return _by_kubeconfig(os.path.expanduser(kubeconfig_path))
    if auth_method == "service-account":
        return _by_service_account()
    raise UnknownAuthMethod(auth_method)


def _by_kubeconfig(path: str) -> Way:
    config, configuration = need("kubernetes.config", EXTRA, WHO), _configuration()
    try:
        config.load_kube_config(path, client_configuration=configuration, persist_config=False)
        _, current = config.list_kube_config_contexts(path)
    except (config.ConfigException, OSError) as error:
        raise NoCredentials(path, error) from error
    except Exception as error:  # of YAML, Base64 and what else there is in one: their words may show a secret
        raise NoCredentials(path, type(error).__name__) from None
    return Way(_client(configuration), current["context"].get("namespace") or "default")


def _by_service_account() -> Way:
    config, configuration = need("kubernetes.config", EXTRA, WHO), _configuration()
    incluster = need("kubernetes.config.incluster_config", EXTRA, WHO)
    try:
        config.load_incluster_config(client_configuration=configuration)
    except config.ConfigException as error:
        raise NoCredentials(SERVICE_ACCOUNT, error) from error
    said = Path(incluster.SERVICE_TOKEN_FILENAME).with_name("namespace")
    return Way(_client(configuration), said.read_text().strip() if said.exists() else "default")


def _configuration() -> Any:
    made = need("kubernetes.client", EXTRA, WHO).Configuration()
    made.retries = False  # who asks knows better what may be asked again, and how long there is time
    return made


def _client(configuration: Any) -> Any:
    return need("kubernetes.client", EXTRA, WHO).ApiClient(configuration)
