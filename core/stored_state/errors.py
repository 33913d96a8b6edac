"""What is wrong with a scheduler's state, wherever it is kept: one sentence for each."""

from __future__ import annotations

from luigi.errors import NotLeading, StoreError


def damaged(place: str, why: object) -> StoreError:
    """The error for what cannot be read any more."""
    return StoreError(
        f"the state in {place} is damaged: {why}",
        hint="bring it back from a backup; or move it away, and let the workers declare their tasks again",
    )


def too_new(place: str, version: int, known: int) -> StoreError:
    """The error for what a later version has written."""
    return StoreError(
        f"the state in {place} is of version {version}, made by a newer luigi-kernel",
        hint=f"this one knows version {known}: upgrade it, or keep the state elsewhere",
    )


def is_there(place: str, version: int, known: int) -> bool:
    """Whether a state of that version is there; 0 is none. Raises StoreError for an earlier one than is known.

    Who writes brings that up to date; a reader must not.
    """
    if 0 < version < known:
        raise StoreError(
            f"the state in {place} is of version {version}, made by an older luigi-kernel",
            hint="`kernel serve` brings it up to date when it begins to lead",
        )
    return version > 0


def nothing_there(place: str) -> StoreError:
    """The error for a snapshot where no state is."""
    return StoreError(f"there is no state in {place} that a snapshot could take the place of")


def not_leading() -> NotLeading:
    """The error for one who has led, and does not any more."""
    return NotLeading("another process has begun to write to this scheduler's state")
