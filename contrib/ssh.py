"""Another machine by ssh: running commands there, tunnels to it, and its files as a file system and as targets.

It needs the program ssh here, and there a POSIX shell and a way in without a question: a key, or `sshpass`.
"""

from __future__ import annotations

from luigi.contrib._ssh.context import RemoteContext
from luigi.contrib._ssh.errors import FileNotFoundException, NoAnswer, RemoteCalledProcessError
from luigi.contrib._ssh.file_system import RemoteFileSystem
from luigi.contrib._ssh.settings import SECTION, Settings
from luigi.contrib._ssh.streams import AtomicRemoteFileWriter
from luigi.contrib._ssh.targets import RemoteTarget

__all__ = [
    "SECTION",
    "AtomicRemoteFileWriter",
    "FileNotFoundException",
    "NoAnswer",
    "RemoteCalledProcessError",
    "RemoteContext",
    "RemoteFileSystem",
    "RemoteTarget",
    "Settings",
]
