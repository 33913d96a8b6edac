"""The bulk interface: jobs, their batches, and the results of those."""

from __future__ import annotations

import logging
import warnings
from typing import IO, Any, Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from luigi.clock import SYSTEM
from luigi.contrib._salesforce.connection import Connection
from luigi.errors import KernelError

logger = logging.getLogger("luigi-interface")

CONTENT_TYPES: Final = {"csv": "text/csv", "xml": "application/xml", "json": "application/json"}
FIRST_WITH_JSON: Final = 36.0
ENDED: Final = frozenset({"Completed", "Failed", "Not Processed", "NotProcessed"})
NAMESPACE: Final = Connection.API_NS[1:-1]
NAMES: Final = {
    "state": "state",
    "num_processed": "numberRecordsProcessed",
    "num_failed": "numberRecordsFailed",
    "state_message": "stateMessage",
}
"""Luigi's names for what is said of a batch, and Salesforce's."""


class BulkConnection(Connection):
    """What can be asked of the bulk interface. Methods raise SalesforceError, and ServiceAway."""

    def create_operation_job(
        self, operation: str, obj: str, external_id_field_name: str | None = None, content_type: str | None = None
    ) -> str:
        """The id of a new job: `operation` is such as query or upsert, `obj` the kind of records, such as Account."""
        if content_type and content_type.casefold() == "json" and self.API_VERSION < FIRST_WITH_JSON:
            hint = f"use a subclass of SalesforceAPI with API_VERSION = {FIRST_WITH_JSON} or more"
            raise KernelError(f"version {self.API_VERSION} of Salesforce's interface has no JSON", hint=hint)
        said = {
            "operation": operation,
            "object": obj,
            "externalIdFieldName": external_id_field_name,
            "contentType": content_type and content_type.upper(),
        }
        answer = self._bulk(f"making a job to {operation} {obj}", "POST", data=_job_info(said))
        return _text(answer, "id")

    def get_job_details(self, job_id: str) -> Any:
        """What is said of a job, as requests' Response."""
        return self._bulk(f"looking at job {job_id}", "GET", job_id)

    def abort_job(self, job_id: str) -> Any:
        """End a job: what it has not done yet is not done any more."""
        return self._bulk(f"aborting job {job_id}", "POST", job_id, data=_job_info({"state": "Aborted"}))

    def close_job(self, job_id: str) -> Any:
        """Say that a job gets no more batches."""
        return self._bulk(f"closing job {job_id}", "POST", job_id, data=_job_info({"state": "Closed"}))

    def create_batch(self, job_id: str, data: str | bytes, file_type: str) -> str:
        """The id of a new batch: `data` are records, or the query, in a job whose content is `file_type`."""
        body = data.encode() if isinstance(data, str) else data
        kind = f"{_content_type(file_type)}; charset=UTF-8"
        answer = self._bulk(
            f"making a batch of job {job_id}", "POST", job_id, "batch", data=body, headers={"Content-Type": kind}
        )
        return _text(answer, "id")

    def block_on_batch(
        self, job_id: str, batch_id: str, sleep_time_seconds: float = 5, max_wait_time_seconds: float = -1
    ) -> dict[str, str]:
        """How the batch is, once it has ended, by `state`, `num_processed`, `num_failed` and `state_message`.

        Raises KernelError when it has not within `max_wait_time_seconds`; below 0 is for ever.
        """
        began = SYSTEM.monotonic()
        while (status := self._batch_status(job_id, batch_id))["state"] not in ENDED:
            if 0 <= max_wait_time_seconds <= SYSTEM.monotonic() - began:
                said = f"Batch did not complete in {max_wait_time_seconds} seconds.  Final status was: {status}"
                raise KernelError(said, hint="give it more time, or abort its job")
            SYSTEM.sleep(sleep_time_seconds)
        return status

    def get_batch_results(self, job_id: str, batch_id: str) -> str:
        """The first of `get_batch_result_ids`, which has all: use that."""
        warnings.warn("get_batch_results is deprecated: use get_batch_result_ids", DeprecationWarning, stacklevel=2)
        return self.get_batch_result_ids(job_id, batch_id)[0]

    def get_batch_result_ids(self, job_id: str, batch_id: str) -> list[str]:
        """The ids of the results of a query."""
        answer = self._bulk(f"looking for results of batch {batch_id}", "GET", job_id, "batch", batch_id, "result")
        if _is_json(answer):
            return list(answer.json())
        return [element.text or "" for element in ElementTree.fromstring(answer.content)]

    def get_batch_result(self, job_id: str, batch_id: str, result_id: str) -> bytes:
        """A result as it comes, whole in memory."""
        place = (job_id, "batch", batch_id, "result", result_id)
        content: bytes = self._bulk(f"fetching result {result_id}", "GET", *place).content
        return content

    def _fetch_batch_result(self, job_id: str, batch_id: str, result_id: str, file: IO[bytes]) -> None:
        """The same, to a file."""
        self._fetch(f"fetching result {result_id}", self._place(job_id, "batch", batch_id, "result", result_id), file)

    def _batch_status(self, job_id: str, batch_id: str) -> dict[str, str]:
        answer = self._bulk(f"looking at batch {batch_id}", "GET", job_id, "batch", batch_id)
        status = {name: _text(answer, tag) for name, tag in NAMES.items()}
        counts = f"{status['num_processed']} records processed.  {status['num_failed']} records failed."
        logger.info("Batch %s Job %s in state %s.  %s", batch_id, job_id, status["state"], counts)
        return status

    def _bulk(self, what: str, method: str, *place: str, **more: Any) -> Any:
        given = {"headers": {"Content-Type": "application/xml; charset=UTF-8"}, **more}
        return self._ask(what, method, self._place(*place), **given)

    def _place(self, *place: str) -> str:
        return "/".join([f"/services/async/{self.API_VERSION}/job", *place])


def _content_type(file_type: str) -> str:
    if file_type.casefold() not in CONTENT_TYPES:
        raise KernelError(f"{file_type!r} is no content of a batch", hint=f"it is one of {', '.join(CONTENT_TYPES)}")
    return CONTENT_TYPES[file_type.casefold()]


def _job_info(said: dict[str, str | None]) -> bytes:
    inner = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in said.items() if value)
    return f'<?xml version="1.0" encoding="UTF-8"?><jobInfo xmlns="{NAMESPACE}">{inner}</jobInfo>'.encode()


def _text(answer: Any, tag: str) -> str:
    """What an answer says under a name; empty when it does not. Jobs with JSON in them are answered by JSON."""
    if _is_json(answer):
        found = answer.json().get(tag)
        return "" if found is None else str(found)
    return ElementTree.fromstring(answer.content).findtext(f"{Connection.API_NS}{tag}") or ""


def _is_json(answer: Any) -> bool:
    return "json" in answer.headers.get("Content-Type", "")
