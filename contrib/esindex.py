"""Elasticsearch: a task that loads an index, and a target that says it was loaded.

`pip install "luigi-kernel[elasticsearch]"` brings what they need.
"""

from __future__ import annotations

from luigi.contrib._stores.elastic_copy import CopyToIndex
from luigi.contrib._stores.elastic_target import ElasticsearchTarget

__all__ = ["CopyToIndex", "ElasticsearchTarget"]
