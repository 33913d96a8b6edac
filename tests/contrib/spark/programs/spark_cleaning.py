"""A module that a job needs, and that is in no package of its own."""

from __future__ import annotations


def clean(word: str) -> str:
    return word.strip(".,").lower()
