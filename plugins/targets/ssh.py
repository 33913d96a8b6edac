"""Targets on other machines by URL, over the program ssh: `luigi.open_target("ssh://me@machine/data/words")`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from luigi.contrib._remote_urls import RemoteUrl
from luigi.contrib._ssh.settings import SECTION, Settings
from luigi.hookspecs import Provider, hookimpl

if TYPE_CHECKING:
    from luigi.contrib.ssh import RemoteTarget


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """The files of machines that one can log in to."""
    yield Provider("ssh", target, "a file of another machine, by ssh", Settings, SECTION, check=check)


def target(url: str, settings: Settings, **kwargs: Any) -> RemoteTarget:
    """The target. `kwargs` are those of RemoteTarget; `settings` it reads itself, where it is used. Raises BadUrl."""
    from luigi.contrib.ssh import RemoteTarget

    address = RemoteUrl.of(url)
    return RemoteTarget(address.path, address.host, username=address.user, port=address.port, **kwargs)


def check(settings: Settings) -> str:
    """Whether the program is there; no machine is asked."""
    import shutil
    import subprocess

    program = shutil.which("ssh")
    if program is None:
        return "not tried: there is no program ssh"
    done = subprocess.run([program, "-V"], capture_output=True, text=True, timeout=30, check=True)
    return done.stderr.strip()
