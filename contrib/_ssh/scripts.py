"""What is asked of the shell of another machine: commands as POSIX has them, whatever shell the user has there.

What is asked for an answer answers behind a mark: before that the user's own ~/.bashrc may have its say.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from luigi.target import folder_of

TAKEN, MISSING = 17, 44
"""What a script ends with when there is something already, or nothing, at a path."""

MARK = b"--- luigi ---\n"
_SAY_MARK = f"echo {shlex.quote(MARK.decode().strip())}"


def shell(script: str) -> list[str]:
    """The command that runs a script, by a shell that understands it."""
    return ["exec", "sh", "-c", shlex.quote(script)]


def asking(script: str) -> list[str]:
    """The same for an answer, which begins behind MARK."""
    return shell(f"{_SAY_MARK}; {script}")


def word(path: str) -> str:
    """A path as a word of a script: nothing in it means anything but a `~/` in front, the user's folder."""
    if path.startswith("~/"):
        return f'"$HOME"/{shlex.quote(path[2:])}'
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def kind(path: str) -> str:
    """Writes `directory`, `file`, or nothing."""
    return f"if [ -d {word(path)} ]; then echo directory; elif [ -e {word(path)} ]; then echo file; fi"


def which_exist(paths: Iterable[str]) -> str:
    """Writes the numbers of those that do."""
    questions = [f"[ -e {word(path)} ] && echo {number}" for number, path in enumerate(paths)]
    return "\n".join([_SAY_MARK, *questions, "exit 0\n"])


def list_files(path: str) -> str:
    """Writes the names of all files below, each behind `./`, with a zero byte at its end."""
    place = word(path)
    return f"[ -d {place} ] || exit 0; CDPATH= cd {place} && find -L . -type f -exec printf '%s\\0' {{}} +"


def modified(path: str) -> str:
    """Writes when what is there was last written, of a directory the newest in it: in seconds, or nothing.

    POSIX has no command that tells; there are two that do, of which one is everywhere.
    """
    place = word(path)
    newest = "find . -exec stat $how {} + | sort -n | tail -n 1"
    which = "if stat -c %Y . >/dev/null 2>&1; then how='-c %Y'; else how='-f %m'; fi"
    in_folder = f"CDPATH= cd {place} && {newest}"
    return f"{which}; if [ -d {place} ]; then {in_folder}; elif [ -e {place} ]; then stat -L $how {place}; fi"


def make_folder(path: str) -> str:
    """Makes the folder that `path` lies in."""
    folder = folder_of(path)
    return f"mkdir -p {word(folder)}" if folder else "true"


def write(path: str) -> str:
    """Takes what comes as the content of a new file."""
    return f"{make_folder(path)} && exec cat > {word(path)}"


def read(path: str) -> str:
    """Writes an empty line first: so much is known of a file before its content comes."""
    return f"[ -e {word(path)} ] || exit {MISSING}; echo; exec cat {word(path)}"


def replace(path: str, dest: str) -> str:
    """Renames, in place of a file; never into a directory."""
    taken = f"if [ -d {word(dest)} ]; then exit {TAKEN}; fi"
    return f"{taken}; {make_folder(dest)} && mv -f {word(path)} {word(dest)}"


def rename(path: str, dest: str) -> str:
    """Renames to a name that nothing has. A file gets its new name as a second one first: that one fails if it is."""
    source, name = word(path), word(dest)
    taken = f"if [ -e {name} ] || [ -L {name} ]; then exit {TAKEN}; fi"
    by_link = f"[ -f {source} ] && ln {source} {name} 2>/dev/null"
    return f"{taken}; {make_folder(dest)} && if {by_link}; then rm -f {source}; else {taken}; mv {source} {name}; fi"


def copy(path: str, dest: str) -> str:
    """Copies a file or directory to a name that nothing has."""
    return f"{make_folder(dest)} && cp -R {word(path)} {word(dest)}"
