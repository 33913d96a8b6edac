"""Stands in for Hive's command line, of which there is none to be had: takes its arguments, and no others.

usage: hive [-e STATEMENTS | -f FILE] [-i FILE]… [--hiveconf NAME=VALUE]… [--hivevar NAME=VALUE]…

The session at HIVE_SESSION (hive_session.py beside this file) carries out what it is given. Run as `mapred` or `yarn`,
it is the one command that ends a job.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PART = re.compile(r"""(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|--[^\n]*|[^;])+""")
COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)


def main(name: str, words: Sequence[str]) -> int:
    """Do what the arguments say."""
    if name in {"mapred", "yarn"}:
        kind, kill, job = words
        assert (kind, kill) == ({"mapred": "job", "yarn": "application"}[name], "-kill")
        return ask({"kill": job})
    parser = argparse.ArgumentParser("hive", allow_abbrev=False)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("-e", dest="statements")
    what.add_argument("-f", dest="file", type=Path)
    parser.add_argument("-i", dest="first", type=Path, action="append", default=[])
    parser.add_argument("--hiveconf", action="append", default=[])
    parser.add_argument("--hivevar", action="append", default=[])
    given = parser.parse_args(words)
    text = given.statements if given.file is None else given.file.read_text(encoding="utf-8")
    whole = "".join(f"{path.read_text(encoding='utf-8')};" for path in given.first) + text
    confs = dict(word.split("=", 1) for word in given.hiveconf + given.hivevar)
    statements = [COMMENT.sub("", part).strip() for part in PART.findall(whole)]
    return ask({"statements": list(filter(None, statements)), "confs": confs})


def ask(question: dict[str, Any]) -> int:
    """Have the session answer; gives the exit code."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.environ["HIVE_SESSION"])
        connection.sendall(json.dumps(question).encode() + b"\n")
        for line in connection.makefile("r", encoding="utf-8"):
            kind, what = json.loads(line)
            if kind == "end":
                return int(what)
            print(what, file=sys.stdout if kind == "out" else sys.stderr, flush=True)
            if str(what).startswith("Starting Job"):
                connection.sendall(b"printed\n")
    return 1


sys.exit(main(Path(sys.argv[1]).name, sys.argv[2:]))
