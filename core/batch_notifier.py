"""Mails about many failures at once, by Luigi's names, for programs that send such mails themselves.

The scheduler's own go by the same grouping; see `luigi.notifying.of_scheduler`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from luigi.clock import SYSTEM, Clock
from luigi.configuration import get_config
from luigi.notifying.grouping import (
    DISABLE,
    FAILURE,
    SCHEDULING_FAILURE,
    Batch,
    Batches,
    ExplQueue,
    subject_of,
)
from luigi.parameter import BoolParameter, ChoiceParameter, IntParameter
from luigi.parameter.resolution import given
from luigi.task import Config

__all__ = ["BatchNotifier", "ExplQueue", "batch_email"]

SECTIONS = ("batch_notifier", "batch-notifier")
"""Where the manual has these options; Luigi's package looks for most of them in `[batch_email]`, which counts too."""


class batch_email(Config):
    """What batch mails tell, and how often."""

    email_interval = IntParameter(
        default=60,
        config_path={"section": "batch-notifier", "name": "email-interval-minutes"},
        description="minutes between two mails",
    )
    batch_mode = ChoiceParameter(
        default="unbatched_params",
        choices=("family", "all", "unbatched_params"),
        description="what is told as one: family, all (a task), unbatched_params (without the batched ones)",
    )
    error_lines = IntParameter(default=20, description="lines of each error message, the last ones; 0 for all")
    error_messages = IntParameter(default=1, description="error messages of each group, the latest ones")
    group_by_error_messages = BoolParameter(default=True, description="tell groups with the same messages together")

    @classmethod
    def get_param_values(cls, params: Any, args: Any, kwargs: Any) -> list[tuple[str, Any]]:
        """What is given, and what stands where the manual says. Raises ParameterException for bad values."""
        return super().get_param_values(params, args, {**cls._documented(), **kwargs})

    @classmethod
    def _documented(cls) -> dict[str, Any]:
        config = get_config()
        found = {}
        for name, parameter in cls.get_params():
            if given(cls.get_task_family(), name, None) is not None:
                continue
            for section, option in product(SECTIONS, (name, f"{name}_minutes")):
                value = config.lookup(section, option)
                if value is not None:
                    found[name] = parameter.normalize(parameter.read(value, name))
        return found


class BatchNotifier:
    """Gathers failures and mails them: to `[email] receiver`, and to each owner what concerns them.

    Keywords override options of `[batch_notifier]`. Nothing happens by itself: somebody calls `update`.
    """

    def __init__(self, *, clock: Clock = SYSTEM, **kwargs: Any) -> None:
        self._config = batch_email(**kwargs)
        self._clock = clock
        self._batches = Batches(self._config)
        self._next_send = self._later()

    def add_failure(
        self, task_name: str, family: str, unbatched_args: Mapping[str, str], expl: str, owners: Iterable[str]
    ) -> None:
        """Count a failure; `expl` is what it said."""
        self._batches.add(FAILURE, task_name, family, unbatched_args, expl, owners)

    def add_disable(
        self, task_name: str, family: str, unbatched_args: Mapping[str, str], owners: Iterable[str]
    ) -> None:
        """Count a task that failed too often."""
        self._batches.add(DISABLE, task_name, family, unbatched_args, "", owners)

    def add_scheduling_fail(
        self, task_name: str, family: str, unbatched_args: Mapping[str, str], expl: str, owners: Iterable[str]
    ) -> None:
        """Count a task that could not be scheduled; `expl` is what its check raised."""
        self._batches.add(SCHEDULING_FAILURE, task_name, family, unbatched_args, expl, owners)

    def update(self) -> None:
        """Send the mails if it is time."""
        if self._clock.monotonic() >= self._next_send:
            self.send_email()

    def send_email(self) -> None:
        """Send the mails now, if there is anything to tell. Raises what `luigi.notifications.send_email` does."""
        from luigi.notifications import email

        batches, self._batches = self._batches, Batches(self._config)
        self._next_send = self._later()
        settings = email()
        if not batches.everybody.counts:
            return
        self._send(batches.everybody, settings.receiver, "")
        for owner, batch in batches.owners.items():
            if owner not in settings.receiver.split(","):
                self._send(batch, owner, "Your tasks have ")

    def _send(self, batch: Batch, recipient: str, of: str) -> None:
        from luigi.notifications import email, send_email

        settings = email()
        message = batch.html() if settings.format == "html" else batch.text()
        send_email(subject_of(batch, self._config.email_interval, of), message, settings.sender, (recipient,))

    def _later(self) -> float:
        return self._clock.monotonic() + self._config.email_interval * 60
