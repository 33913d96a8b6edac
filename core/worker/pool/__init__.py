"""The workers of a pool: they run what others submitted, plan what nobody has planned, and stay until told to go."""

from __future__ import annotations

from luigi.worker.pool.membership import Pool
from luigi.worker.pool.serving import Served, serve

__all__ = ["Pool", "Served", "serve"]
