"""The way from a worker to the people who hear of what goes wrong; nothing of it is loaded as long as nothing does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from luigi.configuration import get_config
from luigi.notifying import has_rules
from luigi.task import Task

if TYPE_CHECKING:
    from luigi.notifying.of_worker import WorkerNotices
    from luigi.worker.plugged import Plugged


class News:
    """Called, it gives one worker's notices, made when that is done first."""

    def __init__(self, plugged: Plugged) -> None:
        self._plugged = plugged
        self._notices: WorkerNotices | None = None

    def __call__(self) -> WorkerNotices:
        """Raises ConfigurationError and PluginError for a rule of the configuration that cannot be followed."""
        if self._notices is None:
            self._notices = self._plugged.notices()
        return self._notices

    def read_rules(self) -> None:
        """Have a rule that cannot be followed stop the start, rather than the first failure. Raises the same."""
        if has_rules(get_config()):
            self()

    @contextmanager
    def told_of_errors(self, doing: str, roots: Sequence[Task]) -> Iterator[None]:
        """People hear of an error that ends what is done here: `doing` (scheduling, running) `roots`."""
        try:
            yield
        except Exception as error:
            self().framework_error(roots, error, doing)
            raise

    def flush(self) -> None:
        """Wait until all is told, but for notifiers that hang: these have until the end of the process."""
        if self._notices is not None:
            self._notices.flush()
