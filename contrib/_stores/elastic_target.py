"""A mark in Elasticsearch that documents have been loaded: ElasticsearchTarget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha1
from typing import Any

from luigi.clock import SYSTEM
from luigi.contrib._configured import Configured
from luigi.contrib._stores.elastic_client import answering, client
from luigi.target import Target

WORD = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}
"""What Elasticsearch makes of a text that nobody has described, as in the index of marks that Luigi made."""

FIELDS = {"update_id": WORD, "target_index": WORD, "target_doc_type": WORD, "date": {"type": "date"}}


class ElasticsearchTarget(Target):
    """The mark that `update_id` has been loaded into `index`, which is there once `touch()` has been called.

    Marks are documents of the index `marker_index`; of those for one index the latest `marker_index_hist_size` are
    kept, all when that is 0. There are no types any more: `doc_type` is but part of the mark's name. `http_auth` is a
    user and a password, `timeout` in seconds; `extra_elasticsearch_args` go to `elasticsearch.Elasticsearch`. Methods
    raise StoreAway, StoreRefused and StoreError, and MissingExtra where elasticsearch is not installed.
    """

    marker_index = Configured("elasticsearch", "marker_index", "update_log")
    marker_doc_type = Configured("elasticsearch", "marker_doc_type", "entry")

    def __init__(
        self,
        host: str,
        port: int,
        index: str,
        doc_type: str,
        update_id: str,
        marker_index_hist_size: int = 0,
        http_auth: str | Sequence[str] | None = None,
        timeout: float = 10,
        extra_elasticsearch_args: Mapping[str, Any] | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.http_auth = http_auth
        self.index = index
        self.doc_type = doc_type
        self.update_id = update_id
        self.marker_index_hist_size = marker_index_hist_size
        self.timeout = timeout
        self.extra_elasticsearch_args = dict(extra_elasticsearch_args or {})

    def __str__(self) -> str:
        return f"{self.host.rpartition('@')[2]}:{self.port}/{self.index} {self.update_id}"

    @property
    def es(self) -> Any:
        """The client, which targets at the same server share."""
        return client(self.host, self.port, self.http_auth, self.timeout, self.extra_elasticsearch_args)

    def marker_index_document_id(self) -> str:
        """The id of the mark."""
        name = f"{self.index}:{self.doc_type}:{self.update_id}"
        return sha1(name.encode(), usedforsecurity=False).hexdigest()

    def exists(self) -> bool:
        """Whether the mark is there."""
        with answering(self):
            return bool(self.es.exists(index=self.marker_index, id=self.marker_index_document_id()))

    def touch(self) -> None:
        """Put the mark, and remove those that are too many. One that is there already is put anew."""
        self.create_marker_index()
        mark = {
            "update_id": self.update_id,
            "target_index": self.index,
            "target_doc_type": self.doc_type,
            "date": datetime.fromtimestamp(SYSTEM.now()).isoformat(),
        }
        with answering(self):
            self.es.index(index=self.marker_index, id=self.marker_index_document_id(), document=mark)
        self.ensure_hist_size()

    def create_marker_index(self) -> None:
        """Make the index of marks, if there is none."""
        ensure_index(self, self.marker_index, mappings={"properties": FIELDS})

    def ensure_hist_size(self) -> None:
        """Remove the oldest marks for the same index, if `marker_index_hist_size` says how many to keep."""
        if self.marker_index_hist_size <= 0:
            return
        same = {"term": {"target_index.keyword": self.index}}
        last = {"from_": self.marker_index_hist_size - 1, "size": 1, "sort": [{"date": "desc"}]}
        with answering(self):
            self.es.indices.refresh(index=self.marker_index)
            kept = self.es.search(index=self.marker_index, query=same, **last)["hits"]["hits"]
            if kept:
                older = {"bool": {"filter": [same, {"range": {"date": {"lt": kept[0]["_source"]["date"]}}}]}}
                self.es.delete_by_query(index=self.marker_index, query=older, conflicts="proceed", refresh=True)


def ensure_index(place: Any, index: str, **description: Any) -> None:
    """Make an index at `place`, which has a client `es`, unless there is one, or another makes it meanwhile."""
    with answering(place):
        if not place.es.indices.exists(index=index):
            made = place.es.options(ignore_status=400).indices.create(index=index, **description)
            kind = made.get("error", {}).get("type", "")
            if kind and kind != "resource_already_exists_exception":
                place.es.indices.create(index=index, **description)  # which raises what is wrong with it
