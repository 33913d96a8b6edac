"""The connection to one of Google's services: made when first needed, with sockets of its own for every thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from luigi.contrib._cloud.errors import Refused
from luigi.contrib._google.errors import said_of, who_asks
from luigi.contrib._google.service import Service
from luigi.contrib._google.settings import Account
from luigi.contrib.gcp import SCOPE, default_credentials
from luigi.extras import need

HASTE: Final = 1.4
"""In seconds: what is cancelled has three, and httplib2 tries twice to connect."""


class Connection:
    """Google's client, and what its requests are sent by.

    `credentials` say who asks, else `http` does, else the settings; `descriptor` is the text of a discovery document,
    and `options` are keywords of `googleapiclient.discovery.build`. Raises MissingExtra, and Refused for a file without
    credentials.
    """

    def __init__(
        self,
        of: Service,
        settings: Account,
        credentials: Any = None,
        http: Any = None,
        descriptor: str = "",
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._of = of
        self._discovery = self._need("googleapiclient.discovery")
        self._settings = settings
        self.retries = settings.retries
        self._given = http if credentials is None else None
        self._taking_turns = threading.Lock()  # for a given one: httplib2 is for one thread at a time
        self._of_thread = threading.local()
        self._credentials = self._scoped(credentials) if self._given is None else None
        self.service = self._built(descriptor, options or {})

    def _built(self, descriptor: str, options: Mapping[str, Any]) -> Any:
        if not descriptor and not self._settings.endpoint_url:
            return self._discovery.build(self._of.name, self._of.version, http=self._http(), **options)
        known = self._need("googleapiclient.discovery_cache")
        document = json.loads(descriptor or known.get_static_doc(self._of.name, self._of.version))
        if self._settings.endpoint_url:
            document["rootUrl"] = self._settings.endpoint_url.rstrip("/") + "/"
        return self._discovery.build_from_document(document, http=self._http(), **options)

    def ask(self, what: str, request: Any) -> Any:
        """The answer to a request of Google's client. Raises as `said_of` does, after trying again."""
        with said_of(what, self._of), self.turn() as http:
            return request.execute(http=http, num_retries=self.retries)

    def ask_once(self, what: str, request: Any) -> Any:
        """The same, given up after HASTE seconds and not tried again: for what has no time, such as a cancel."""
        with said_of(what, self._of), self.turn(self._made(HASTE)) as http:
            return request.execute(http=http)

    @contextmanager
    def turn(self, by: Any = None) -> Iterator[Any]:
        """What this thread may send requests by, meanwhile; `by` is that, unless one was given."""
        if self._given is None:
            yield by or self._http()
        else:
            with self._taking_turns:
                yield self._given

    def _http(self) -> Any:
        if self._given is not None:
            return self._given
        found = getattr(self._of_thread, "http", None)
        if found is None:
            found = self._of_thread.http = self._made(self._settings.timeout)
        return found

    def _made(self, timeout: float) -> Any:
        http = self._need("googleapiclient.http").build_http()
        http.timeout = timeout
        if self._credentials is None:
            return http
        return self._need("google_auth_httplib2").AuthorizedHttp(self._credentials, http=http)

    def _scoped(self, given: Any) -> Any:
        """Who asks, or None for nobody."""
        if given is not None:
            return self._need("google.auth.credentials").with_scopes_if_required(given, [SCOPE])
        if self._settings.anonymous:
            return None
        if self._settings.credentials_file:
            return self._of_file(self._settings.credentials_file)
        return default_credentials()

    def _of_file(self, file: str) -> Any:
        kinds = self._need("google.oauth2.service_account")
        try:
            return kinds.Credentials.from_service_account_file(file, scopes=[SCOPE])
        except (OSError, ValueError) as error:
            raise Refused(file, "that is no key file of a service account", who_asks(self._of)) from error

    def _need(self, module: str) -> Any:
        return need(module, self._of.extra, self._of.module)
