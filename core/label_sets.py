"""Bounds how many label sets there are: a monitor keeps a series for each, for good, so dates and ids would fill it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

OTHER = "other"
"""What takes the place of values that are one too many."""

LIMIT = 5_000
"""How many sets there are, unless the configuration says otherwise."""

logger = logging.getLogger("luigi.plugins")


class LabelSets:
    """The sets of a family's name and parameter values that one collector has counted under.

    From `limit` on, a new set is counted under its family, the values being OTHER; from `limit` families on, a new
    family is OTHER too. The first time is logged, once: `owner` says who counts, `cure` what to do.
    """

    def __init__(self, limit: int, owner: str, cure: str) -> None:
        self._limit, self._owner, self._cure = limit, owner, cure
        self._sets: set[tuple[str, ...]] = set()
        self._families: set[str] = set()
        self._said = False

    def bounded(self, family: str, values: Sequence[str] = ()) -> tuple[str, ...]:
        """The family and the values to count under."""
        if family not in self._families:
            if len(self._families) >= self._limit:
                self._say()
                return (OTHER,) * (1 + len(values))
            self._families.add(family)
        if not values:
            return (family,)
        one = (family, *values)
        if one not in self._sets:
            if len(self._sets) >= self._limit:
                self._say()
                return (family, *(OTHER,) * len(values))
            self._sets.add(one)
        return one

    def _say(self) -> None:
        if not self._said:
            self._said = True
            sentence = "%s: there are more than %d sets of labels; what is beyond is counted as %r. %s"
            logger.warning(sentence, self._owner, self._limit, OTHER, self._cure)
