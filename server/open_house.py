"""The composition root of a server that runs: scheduler, rooms, sockets, from the first call to the last."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from luigi.configuration import get_config
from luigi.plugin_manager import PluginManager
from luigi.server.config import ServerSettings
from luigi.server.deadline_watch import deadline_watch
from luigi.server.http.listening import url_of
from luigi.server.http.memory import share_one_pool
from luigi.server.http.serving import RUNNING, House
from luigi.server.office import Office
from luigi.server.rooms import all_routes, application_of
from luigi.server.routes import Route
from luigi.server.standing import Standing, standing_of
from luigi.server.trigger_watch import trigger_watch

logger = logging.getLogger("luigi.server")

FILES_A_CONNECTION: Final = 3
SPARE_FILES: Final = 256
"""For the store, the log, the plugins."""


def serve(
    settings: ServerSettings,
    listening: Sequence[socket.socket],
    standing: Standing | None = None,
    *,
    well_begun: Callable[[], object] = lambda: None,
) -> None:
    """Answer calls at the sockets until SIGTERM, SIGINT or `RUNNING.stop()`; what was said is kept when this returns.

    `standing`: of a scheduler that somebody else has made. `well_begun` is called when calls can be answered.
    Raises KernelError for plugins, tokens or a store that cannot be had.
    """
    settings = replace(settings, connections=_files_for(settings.connections))
    share_one_pool()
    with _closing(listening):
        plugins = PluginManager.with_installed()
        plugins.configure(get_config())
        standing = standing or standing_of(settings, plugins)
        office = Office(settings=settings, standing=standing, plugins=plugins)
        standing.attach(trigger_watch(office))
        standing.attach(deadline_watch(office))
        routes = all_routes(office)
        house = House(application_of(office, routes), listening, settings, quick=quick_paths(routes, settings))
        with contextlib.closing(house), RUNNING(house), _led(standing):
            logger.info("listening at %s", ", ".join(url_of(one) for one in listening))
            well_begun()
            house.run()
    logger.info("stopped")


def quick_paths(routes: Iterable[Route], settings: ServerSettings) -> frozenset[str]:
    """The paths of quick routes, as they are called."""
    return frozenset(settings.url_prefix.rstrip("/") + route.path for route in routes if route.quick)


def _files_for(connections: int) -> int:
    """Have the system allow as many files as that needs; gives how many connections there may be, if it does not.

    A connection is a file, and may have two more for what is long. What the system allows at first is few.
    """
    import resource

    wanted = SPARE_FILES + FILES_A_CONNECTION * connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    possible = max(1, min(connections, allowed - SPARE_FILES))
    if possible < connections:
        logger.warning("the system allows %d open files: there can be %d connections", allowed, possible)
    return possible


@contextlib.contextmanager
def _led(standing: Standing) -> Iterator[None]:
    standing.start()
    try:
        yield
    finally:
        standing.close()


@contextlib.contextmanager
def _closing(listening: Sequence[socket.socket]) -> Iterator[None]:
    """Close the sockets at the end, and take a Unix socket's file away: nobody is behind it any more.

    But another server may be behind one that has taken its place: it could, from the moment this one stopped listening.
    """
    paths = [one.getsockname() for one in listening if one.family == socket.AF_UNIX]
    ours = {path: _file_at(path) for path in paths}
    try:
        yield
    finally:
        for one in listening:
            one.close()
        for path, file in ours.items():
            if file is not None and _file_at(path) == file:
                os.unlink(path)


def _file_at(path: str) -> tuple[int, ...] | None:
    """What tells it from any other file; its number alone may be another's, once it is gone."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns
