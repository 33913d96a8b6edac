"""Presto and Trino: a task that carries out a query, the target that is a table with rows, and the client of both.

`pip install "luigi-kernel[presto]"` brings PyHive. Options are in the section `[presto]`.
"""

from __future__ import annotations

from luigi.contrib._presto.client import PrestoClient
from luigi.contrib._presto.settings import presto
from luigi.contrib._presto.target import PrestoTarget
from luigi.contrib._presto.task import PrestoTask, WithPrestoClient

__all__ = ["PrestoClient", "PrestoTarget", "PrestoTask", "WithPrestoClient", "presto"]
