"""What the failed tasks of a job have printed, from the web services of YARN: MapReduce's, and the machines' own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from http.client import HTTPResponse

TIMEOUT: Final = 5.0
"""Seconds for each request: the error of the job waits for this."""
ATTEMPTS: Final = 3
KEPT: Final = 8192
"""Bytes of what each has printed: the last ones."""


def fetch_task_failures(tracking_url: str) -> str:
    """Why the first few attempts failed that did, and the end of what they printed.

    `tracking_url` is where the job can be followed; that of one that has ended leads to the history server.
    Raises OSError when it cannot be reached, ValueError when it is no job of YARN.
    """
    base = _services(tracking_url)
    told = [_told(attempt) for _, attempt in zip(range(ATTEMPTS), _failed_attempts(base), strict=False)]
    return "\n".join(told) or "(none of them failed)"


def _services(tracking_url: str) -> str:
    if urlsplit(tracking_url).scheme not in {"http", "https"}:
        raise ValueError(f"{tracking_url} is no web page")
    with closing(_get(tracking_url)) as page:
        place = page.url
    found = re.search(r"\b(?:job|application)_(\d+_\d+)", place)
    if found is None:
        raise ValueError(f"{place} is not about a job of YARN")
    if "/jobhistory/" in place:
        return f"{place.partition('/jobhistory/')[0]}/ws/v1/history/mapreduce/jobs/job_{found[1]}"
    return f"{place[: found.end()]}/ws/v1/mapreduce/jobs/job_{found[1]}"


def _failed_attempts(base: str) -> Iterator[dict[str, Any]]:
    for task in _listed(f"{base}/tasks", "tasks", "task"):
        if task["state"] == "FAILED":
            for attempt in _listed(f"{base}/tasks/{task['id']}/attempts", "taskAttempts", "taskAttempt"):
                if attempt["state"] == "FAILED":
                    yield attempt


def _listed(url: str, outer: str, inner: str) -> list[dict[str, Any]]:
    with closing(_get(url)) as answer:
        return list((json.load(answer)[outer] or {}).get(inner, []))


def _told(attempt: dict[str, Any]) -> str:
    printed = _printed(attempt.get("nodeHttpAddress", ""), attempt.get("assignedContainerId", ""))
    return f"{attempt['id']}: {attempt.get('diagnostics', '').strip()}\n{printed}".strip()


def _printed(machine: str, container: str) -> str:
    """The end of its standard error, as long as its machine has it."""
    url = f"http://{machine}/ws/v1/node/containerlogs/{container}/stderr?size=-{KEPT}"
    from urllib.error import HTTPError

    try:
        with closing(_get(url)) as answer:
            return answer.read(KEPT).decode("utf-8", "replace").strip()
    except HTTPError as error:
        return f"({machine} has no longer what it printed: {error})"


def _get(url: str) -> HTTPResponse:
    from urllib.request import Request, urlopen

    request = Request(url, headers={"Accept": "application/json, text/plain;q=0.9, text/html;q=0.8"})
    answer: HTTPResponse = urlopen(request, timeout=TIMEOUT)
    return answer
