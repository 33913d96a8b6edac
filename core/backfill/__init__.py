"""Backfills: one task for each moment of a range, as many at a time as wanted, handed to the scheduler as one run."""

from __future__ import annotations
