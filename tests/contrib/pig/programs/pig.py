"""Stands in for Pig, of which there is none to be had: takes its arguments, reads its files, runs a little Pig Latin.

usage: pig [-x MODE] [-param_file FILE] [-propertyFile FILE] -f SCRIPT

It knows LOAD, STORE, and `job WORDS`, which runs a program as a job of a cluster does: on its own, until somebody says
`mapred job -kill ID` (this file run as `mapred`). PIG_JOBS is the folder where it is kept what runs.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

UNICODE = re.compile(r"\\u+([0-9a-fA-F]{4})")
TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+) | (?P<comment>\#[^\n]*\n) | (?P<equals>=) | (?P<shell>`[^`]*`)
      | '(?P<single>(?:\\'|[^'])*?)' | "(?P<double>(?:\\"|[^"])*?)"
      | (?P<name>_*[A-Za-z][A-Za-z0-9_]*) | (?P<other>[^"'`a-zA-Z_\#= \n\t\r][^\n\r]*)""",
    re.VERBOSE,
)
"""As in Pig's own grammar, ParamLoader.jj."""
REFERENCE = re.compile(r"(?<!\\)\$([A-Za-z_]\w*)")
PREFIX = "2026-01-01 00:00:00,000 [main] INFO  org.apache.pig.backend.hadoop.MapReduceLauncher - "


def java_unicode(text: str) -> str:
    """What Java's compilers of grammars make of it before anything else."""
    units = UNICODE.sub(lambda found: chr(int(found[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16")


def parameters(text: str) -> dict[str, str]:
    """The parameters in a file."""
    found: dict[str, str] = {}
    tokens = [(match.lastgroup, match[match.lastgroup or 0]) for match in matches(java_unicode(text))]
    tokens = [token for token in tokens if token[0] not in {"space", "comment"}]
    while tokens:
        (kind, name), (equals, _), (given, value), *tokens = tokens
        assert (kind, equals) == ("name", "equals"), f"ERROR 2997: encountered {name}"
        assert given != "shell", f"a command of the shell is run: {value}"
        if given == "name" and tokens and tokens[0][0] == "other":
            value += tokens.pop(0)[1]
        value = value.replace("\\'", "'") if given == "single" else value
        value = REFERENCE.sub(lambda match: found[match[1]], value)
        found[name] = value.replace("\\$", "$")
    return found


def matches(text: str) -> list[re.Match[str]]:
    """The tokens of a text, all of it."""
    found = list(TOKEN.finditer(text))
    assert sum(len(match[0]) for match in found) == len(text), "ERROR 2997: lexical error"
    return found


def properties(text: str) -> dict[str, str]:
    """The properties in a file of Java's."""
    pairs = [re.fullmatch(r"((?:\\.|[^\\=: ])*)\s*[=: ]\s*(.*)", line) for line in text.splitlines()]
    return {plain(pair[1]): plain(pair[2]) for pair in pairs if pair}


def plain(text: str) -> str:
    """A key or value without its escapes."""
    units = re.sub(r"\\u([0-9a-f]{4})|\\(.)", lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16")


def run(script: str) -> None:
    """Carry out statements."""
    loaded: dict[str, str] = {}
    statements = [words for part in script.split(";") if (words := shlex.split(part, comments=False))]
    for number, words in enumerate(statements):
        say(f"{100 * number // len(statements)}% complete")
        if words[0] == "job":
            job(words[1:])
        elif words[0] == "STORE":
            store(Path(loaded[words[1]]), Path(words[3]))
        else:
            loaded[words[0]] = words[3]
    say("100% complete")
    say("Success!")


def store(source: Path, folder: Path) -> None:
    """Copy what was loaded to a folder, as Pig's jobs do."""
    if not source.exists():
        sys.exit(f"ERROR 2118: Input path does not exist: file:{source}")
    folder.mkdir(parents=True)
    shutil.copy(source, folder / "part-m-00000")


def job(words: Sequence[str]) -> None:
    """Run a program on its own."""
    with subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL) as process:
        name = f"job_1700000000000_{process.pid}"
        say(f"HadoopJobId: {name}")
        say(f"More information at: http://127.0.0.1:50030/jobdetails.jsp?jobid={name}")
        # Tests that find it may end us at once: by then it is printed what else is to be ended.
        (Path(os.environ["PIG_JOBS"]) / name).write_text(str(process.pid))
        if process.wait():
            sys.exit(f"ERROR 6017: Job {name} failed!")


def say(what: str) -> None:
    """Log, where Pig does."""
    print(PREFIX + what, file=sys.stderr, flush=True)


def main(name: str, args: Sequence[str]) -> None:
    """Do what the arguments say."""
    if name == "mapred":
        assert args[:2] == ["job", "-kill"], args
        os.kill(int((Path(os.environ["PIG_JOBS"]) / args[2]).read_text()), signal.SIGKILL)
        return
    parser = argparse.ArgumentParser(name, allow_abbrev=False)
    parser.add_argument("-x", choices=["local", "mapreduce", "tez"])
    parser.add_argument("-param_file", type=Path)
    parser.add_argument("-propertyFile", type=Path)
    parser.add_argument("-f", type=Path, required=True)
    given = parser.parse_args(args)
    values = parameters(given.param_file.read_text("latin-1")) if given.param_file else {}
    if given.propertyFile:
        print(properties(given.propertyFile.read_text("latin-1")))
    print(values, os.environ["PIG_HOME"], flush=True)
    run(REFERENCE.sub(lambda found: values[found[1]], given.f.read_text(encoding="utf-8")))


main(Path(sys.argv[1]).name, sys.argv[2:])
