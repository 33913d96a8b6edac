"""An engine whose cluster is this process: hosts without a network, for tests of what is built around engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luigi.executors.hosting.engine import Ended, Lost, News, NotThere, Parcel, Post
from luigi.executors.hosting.host import Host

if TYPE_CHECKING:
    from luigi.interfaces import Message


class EngineHere:
    """Hands each parcel to one of `hosts` hosts, each with `places` places. `kill` takes one away, as a crash would."""

    def __init__(self, luggage: bytes, post: Post, hosts: int = 2, places: int = 2) -> None:
        self._post = post
        self._each = places
        self._homes: dict[str, int] = {}
        """Which host has a suspended run, by the task's id."""
        self._jobs: dict[int, tuple[int, str]] = {}
        """Which host runs a job, and of which task."""
        self.hosts = {number: Host(luggage, places, self._hear) for number in range(hosts)}

    @property
    def places(self) -> int:
        """Of the hosts that are left."""
        return self._each * len(self.hosts)

    def start(self, parcel: Parcel) -> None:
        """At the host with the suspended run, else the one with the fewest jobs."""
        number = self._homes.pop(parcel.task_id, None)
        if number not in self.hosts:
            busy = [host for host, _ in self._jobs.values()]
            number = min(self.hosts, key=busy.count)
        self._jobs[parcel.token] = number, parcel.task_id
        self.hosts[number].start(parcel)

    def cancel(self, token: int) -> None:
        """Pass it on."""
        if token in self._jobs:
            self.hosts[self._jobs[token][0]].cancel(token)

    def send(self, token: int, message: Message) -> bool:
        """Pass it on."""
        return token in self._jobs and self.hosts[self._jobs[token][0]].send(token, message)

    def drop(self, task_id: str) -> None:
        """Pass it on."""
        number = self._homes.pop(task_id, None)
        if number in self.hosts:
            self.hosts[number].drop(task_id)

    def close(self) -> None:
        """Close all hosts."""
        for host in self.hosts.values():
            host.close()

    def kill(self, number: int) -> None:
        """Take a host away: its jobs are lost."""
        gone = self.hosts.pop(number)
        for token, (host, _) in list(self._jobs.items()):
            if host == number:
                del self._jobs[token]
                self._post(Lost(token, f"was lost: host {number} is gone"))
        gone.close()

    def _hear(self, news: News) -> None:
        if isinstance(news, Ended | NotThere | Lost):
            if news.token not in self._jobs:
                return
            host, task_id = self._jobs.pop(news.token)
            if isinstance(news, Ended) and news.wanted is not None:
                self._homes[task_id] = host
        self._post(news)
