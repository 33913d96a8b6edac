"""Runs on the other machine, alone: makes the code that came along importable, and calls the module it is told to.

    python luigi_runner.py ARCHIVE SHA256 MODULE ARGUMENT…

It needs nothing but Python. An error's traceback goes to the standard error, and its exit code is 1.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import signal
import sys
import tempfile
import traceback
import zipfile

NEEDED = (3, 11)


def main(archive: str, digest: str, module: str, *arguments: str) -> int | None:
    """Call `MODULE.main(arguments)`: gives the exit code that it does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # for the folder below to be removed
    if sys.version_info < NEEDED:
        found, needed = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, NEEDED))
        sys.exit(f"luigi: {sys.executable} is Python {found}; this job needs {needed} or later")
    with open(archive, "rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != digest:
        sys.exit(f"luigi: {archive} is not the file that was written for this job: its SHA-256 is another")
    with tempfile.TemporaryDirectory(prefix="luigi-code-") as folder:
        zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True  # into a folder that nobody will read again
        return _call(module, arguments)


def _call(module: str, arguments: tuple[str, ...]) -> int | None:
    try:
        code: int | None = importlib.import_module(module).main(arguments)
    except Exception:  # told while the code is still there, of which it quotes lines
        traceback.print_exc()
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
