"""The connection to Google Cloud Storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from luigi.contrib._gcs.errors import said_of
from luigi.contrib._gcs.retrying import gcs_retry
from luigi.contrib._gcs.settings import GCS, Settings
from luigi.contrib._google import connection


class Connection(connection.Connection):
    """Google's client for it, and what its requests are sent by; made as any connection to Google is."""

    def __init__(
        self, settings: Settings, credentials: Any, http: Any, descriptor: str, options: Mapping[str, Any]
    ) -> None:
        super().__init__(GCS, settings, credentials, http, descriptor, options)
        self.objects = self.service.objects()  # once: it is built anew each time, which costs more than a request

    def ask_together(self, path: str, requests: Sequence[Any], told: Callable[[str, Any, Any], None]) -> None:
        """Send at most a hundred requests as one; `told` gets the number of each, its answer, and its error or None.

        Raises as `said_of` does where all of it fails.
        """
        batch = self.service.new_batch_http_request(callback=told)
        for number, request in enumerate(requests):
            batch.add(request, request_id=str(number))
        with said_of(path), self.turn() as http:
            gcs_retry(batch.execute)(http=http)
