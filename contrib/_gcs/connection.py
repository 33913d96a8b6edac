"""The connection to Google Cloud Storage: made when first needed, with sockets of its own for every thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from luigi.contrib._cloud.errors import Refused
from luigi.contrib._gcs.errors import WHO_ASKS, said_of
from luigi.contrib._gcs.retrying import gcs_retry
from luigi.contrib._gcs.settings import Settings
from luigi.contrib.gcp import SCOPE, default_credentials
from luigi.extras import need

EXTRA = "gcs"
WHO = "luigi.contrib.gcs"


class Connection:
    """Google's client, and what its requests are sent by.

    `credentials` say who asks, else `http` does, else the settings; `descriptor` is the text of a discovery document,
    and `options` are keywords of `googleapiclient.discovery.build`. Raises MissingExtra, and Refused for a file without
    credentials.
    """

    def __init__(
        self, settings: Settings, credentials: Any, http: Any, descriptor: str, options: Mapping[str, Any]
    ) -> None:
        self._discovery = need("googleapiclient.discovery", EXTRA, WHO)
        self._settings = settings
        self.retries = settings.retries
        self._given = http if credentials is None else None
        self._taking_turns = threading.Lock()  # for a given one: httplib2 is for one thread at a time
        self._of_thread = threading.local()
        self._credentials = _scoped(credentials, settings) if self._given is None else None
        self.service = self._built(descriptor, options)
        self.objects = self.service.objects()  # once: it is built anew each time, which costs more than a request

    def _built(self, descriptor: str, options: Mapping[str, Any]) -> Any:
        if not descriptor and not self._settings.endpoint_url:
            return self._discovery.build("storage", "v1", http=self._http(), **options)
        known = need("googleapiclient.discovery_cache", EXTRA, WHO)
        document = json.loads(descriptor or known.get_static_doc("storage", "v1"))
        if self._settings.endpoint_url:
            document["rootUrl"] = self._settings.endpoint_url.rstrip("/") + "/"
        return self._discovery.build_from_document(document, http=self._http(), **options)

    def ask(self, path: str, request: Any) -> Any:
        """The answer to a request of Google's client. Raises as `said_of` does, after trying again."""
        with said_of(path), self.turn() as http:
            return request.execute(http=http, num_retries=self.retries)

    def ask_together(self, path: str, requests: Sequence[Any], told: Callable[[str, Any, Any], None]) -> None:
        """Send at most a hundred requests as one; `told` gets the number of each, its answer, and its error or None.

        Raises as `said_of` does where all of it fails.
        """
        batch = self.service.new_batch_http_request(callback=told)
        for number, request in enumerate(requests):
            batch.add(request, request_id=str(number))
        with said_of(path), self.turn() as http:
            gcs_retry(batch.execute)(http=http)

    @contextmanager
    def turn(self) -> Iterator[Any]:
        """What this thread may send requests by, meanwhile."""
        if self._given is None:
            yield self._http()
        else:
            with self._taking_turns:
                yield self._given

    def _http(self) -> Any:
        if self._given is not None:
            return self._given
        found = getattr(self._of_thread, "http", None)
        if found is None:
            found = self._of_thread.http = self._made()
        return found

    def _made(self) -> Any:
        http = need("googleapiclient.http", EXTRA, WHO).build_http()
        http.timeout = self._settings.timeout
        if self._credentials is None:
            return http
        return need("google_auth_httplib2", EXTRA, WHO).AuthorizedHttp(self._credentials, http=http)


def _scoped(given: Any, settings: Settings) -> Any:
    """Who asks, or None for nobody."""
    if given is not None:
        return need("google.auth.credentials", EXTRA, WHO).with_scopes_if_required(given, [SCOPE])
    if settings.anonymous:
        return None
    if settings.credentials_file:
        return _of_file(settings.credentials_file)
    return default_credentials()


def _of_file(file: str) -> Any:
    kinds = need("google.oauth2.service_account", EXTRA, WHO)
    try:
        return kinds.Credentials.from_service_account_file(file, scopes=[SCOPE])
    except (OSError, ValueError) as error:
        raise Refused(file, "that is no key file of a service account", WHO_ASKS) from error
