"""A task that loads documents into Elasticsearch: CopyToIndex."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from luigi.contrib._stores.elastic_client import EXTRA, WHO, answering
from luigi.contrib._stores.elastic_target import ElasticsearchTarget, ensure_index
from luigi.contrib._stores.errors import StoreError, one_line
from luigi.extras import need
from luigi.task import Task

logger = logging.getLogger("luigi-interface")

REQUEST_BYTES = 10 * 1024 * 1024
"""The size of a request that every service takes."""

PATIENCE = 3
"""How often documents are sent again that a busy server has put off."""


class NothingSaid(StoreError, NotImplementedError):
    """A task that loads an index does not say which, or what."""


class NotIndexed(StoreError):
    """Documents were refused."""


class CopyToIndex(Task):
    """Loads the documents that `docs()` gives into `index`, once.

    The attributes are to be overridden, `index` must be. `mapping` and `settings` describe the index if it has to be
    made; with `purge_existing_index` one that is there is removed first. `chunk_size` documents are sent at a time.
    When documents are refused the task fails, unless `raise_on_error` is false: then that is logged.
    """

    host: str = "localhost"
    port: int = 9200
    http_auth: str | Sequence[str] | None = None
    doc_type: str = "default"
    mapping: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] = {"settings": {}}
    chunk_size: int = 2000
    raise_on_error: bool = True
    purge_existing_index: bool = False
    marker_index_hist_size: int = 0
    timeout: float = 10
    extra_elasticsearch_args: Mapping[str, Any] = {}

    @property
    def index(self) -> str:
        """The index to load."""
        raise NothingSaid(f"{self}: no index is said", hint="index = 'orders'")

    def docs(self) -> Iterable[Mapping[str, Any] | str]:
        """The documents: dicts, or texts of JSON. Beside its fields one may have `_id`, `_index`, `_routing`, ….

        One without `_id` gets one that is the same when the task runs again: a load that failed half way leaves no
        document twice.
        """
        raise NothingSaid(f"{self}: no documents are said", hint="override docs()")

    def output(self) -> ElasticsearchTarget:
        """The mark that it is done."""
        return ElasticsearchTarget(
            host=self.host,
            port=self.port,
            http_auth=self.http_auth,
            index=self.index,
            doc_type=self.doc_type,
            update_id=self.update_id(),
            marker_index_hist_size=self.marker_index_hist_size,
            timeout=self.timeout,
            extra_elasticsearch_args=self.extra_elasticsearch_args,
        )

    def update_id(self) -> str:
        """What the mark is about; the id of the task unless overridden."""
        return str(self.task_id)

    def create_index(self) -> None:
        """Make the index with its settings and mapping, if there is none."""
        described = dict(self.settings)
        if self.mapping:
            described["mappings"] = self.mapping.get(self.doc_type, self.mapping)  # as it was when there were types
        ensure_index(self.output(), self.index, **described)

    def delete_index(self) -> None:
        """Remove the index with all that is in it, if there is one."""
        target = self.output()
        with answering(target):
            target.es.indices.delete(index=self.index, ignore_unavailable=True)

    def run(self) -> None:
        """Load the documents, have them found by searches, and leave the mark."""
        if self.purge_existing_index:
            self.delete_index()
        self.create_index()
        target = self.output()
        with answering(target):
            self._load(target)
            target.es.indices.refresh(index=self.index)
        target.touch()

    def _load(self, target: ElasticsearchTarget) -> None:
        bulk = need("elasticsearch.helpers", EXTRA, WHO).streaming_bulk
        sizes = {"chunk_size": self.chunk_size, "max_chunk_bytes": REQUEST_BYTES}
        actions = self._actions(target.marker_index_document_id())
        loading = bulk(target.es, actions, max_retries=PATIENCE, raise_on_error=False, yield_ok=False, **sizes)
        refused = 0
        for _, answer in loading:
            if self.raise_on_error:
                raise NotIndexed(f"{target}: a document was refused: {_reason(answer)}", hint="see docs() and mapping")
            if not refused:
                logger.warning("%s: a document was refused: %s", target, _reason(answer))
            refused += 1
        if refused:
            logger.warning("%s: documents that were refused: %d", target, refused)

    def _actions(self, mark: str) -> Iterator[dict[str, Any]]:
        for number, document in enumerate(self.docs()):
            fields = json.loads(document) if isinstance(document, str | bytes) else document
            action = {"_index": self.index, **fields}
            action.pop("_type", None)
            if action.get("_op_type", "index") == "index":
                action.setdefault("_id", f"{mark}-{number}")
            yield action


def _reason(answer: Mapping[str, Any]) -> str:
    """What the server says of one document."""
    ((_, said),) = answer.items()
    error = said.get("error", said)
    return one_line(error.get("reason", error) if isinstance(error, dict) else error)
