"""From what a store holds to a machine: the snapshot, then every entry after it, as it happened.

The rules of the machine may change from one version to the next, and then the same entries would lead elsewhere: a
journal is replayed by the rules that it was written by, or not at all.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.errors import KernelError, StoreError
from luigi.interfaces import Kept, RetryPolicy
from luigi.scheduler import codec
from luigi.scheduler.events import Configured
from luigi.scheduler.machine import Machine
from luigi.scheduler.restoring import restored
from luigi.scheduler.texts import Texts

if TYPE_CHECKING:
    from luigi.scheduler.codec import Entry

RULES: Final = 3
"""The version of the machine's rules and of how entries are written. To be raised with every change by which the same
entries would lead to another state, and with every new kind of entry."""

REPLAYED: Final = frozenset({1, 2, RULES})
"""The rules whose entries lead to the same state by these. By the first there were no retries and no cancelling, and
orders did not say by whom; by the second no submissions, pools, triggers and rates."""


class Recovered(NamedTuple):
    """A machine as it was when the last entry was kept."""

    machine: Machine
    last: int
    """The number of that entry; 0 for none."""


def recovered(kept: Kept) -> Recovered:
    """The machine that a store's content leads to. Raises StoreError for what cannot be read or replayed here."""
    with _no_garbage():
        machine = restored(kept.parts) or new_machine()
        number = kept.upto
        for number, text in _in_order(kept.entries, kept.upto):
            try:
                _replay(machine, codec.read_entry(text))
            except StoreError:
                raise
            except Exception as error:
                raise StoreError(f"entry {number} of the state store cannot be replayed: {error}") from error
        return Recovered(machine, number)


def new_machine() -> Machine:
    """One that knows nothing yet, not even its settings: its first entry says them."""
    machine = Machine(RetryPolicy(), limits={}, remove_delay=0, worker_disconnect_delay=0)
    machine.texts = Texts()
    return machine


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Do not look for garbage: there is none, and among so many new objects the search takes most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _in_order(entries: Iterable[tuple[int, str]], upto: int) -> Iterable[tuple[int, str]]:
    for number, text in entries:
        if number != upto + 1:
            raise StoreError(
                f"the state store is damaged: entry {number} comes after {upto}", hint="restore it from a backup"
            )
        upto = number
        yield number, text


def _replay(machine: Machine, entry: Entry) -> None:
    _refuse_other_rules(machine, entry)
    try:
        for event in entry.happened:
            machine.handle(event, entry.at)
    except Exception:
        if not entry.broke:
            raise
        return
    if entry.broke:
        raise KernelError("it went wrong when it was written, and does not now")


def _refuse_other_rules(machine: Machine, entry: Entry) -> None:
    rules = next((event.rules for event in entry.happened if type(event) is Configured), machine.rules)
    if rules not in REPLAYED:
        raise StoreError(
            f"the state store has entries by the rules of another version ({rules}; these are {RULES})",
            hint="start the version that wrote them once more, and stop it cleanly: that leaves a snapshot alone",
        )
