"""luigi-grep: tasks of a scheduler by the beginning of their id or by status. The answers are Luigi's."""

from __future__ import annotations

import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from luigi.errors import KernelError
from luigi.tools import luigi_grep
from luigi.tools.luigi_grep import LuigiGrep

GRAPH = {
    "my.Root__99914b932b": {"status": "PENDING", "deps": ["Ok_1_64a8d99e05", "Leaf_2_a9facda7c5", "Bad_2_a9facda7c5"]},
    "Bad_2_a9facda7c5": {"status": "FAILED", "deps": ["Ok_3_5d0c77e0b0", "Gone_1"]},
    "Leaf_2_a9facda7c5": {"status": "PENDING", "deps": []},
    "Ok_1_64a8d99e05": {"status": "DONE", "deps": []},
    "Ok_3_5d0c77e0b0": {"status": "DONE", "deps": []},
}


@pytest.fixture
def answering():
    """Start a server that gives this status and body to `/api/graph`; returns its port."""
    servers = []

    def start(body, status=200):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status if self.path == "/api/graph" else 404)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def scheduler(answering):
    return answering(json.dumps({"response": GRAPH}))


@pytest.fixture
def command(monkeypatch, capsys):
    """The command, as a function of its arguments: (exit code, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["luigi-grep", *map(str, arguments)])
        try:
            code = luigi_grep.main()
        except SystemExit as exit:
            code = exit.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


class TestLuigiGrep:
    def test_graph_url(self):
        assert LuigiGrep("far", 8082).graph_url == "http://far:8082/api/graph"

    def test_prefix_search(self, scheduler):
        found = list(LuigiGrep("127.0.0.1", scheduler).prefix_search("my"))
        assert found == [
            {
                "name": "my.Root__99914b932b",
                "status": "PENDING",
                "deps_by_status": {
                    "DONE": ["Ok_1_64a8d99e05"],
                    "PENDING": ["Leaf_2_a9facda7c5"],
                    "FAILED": ["Bad_2_a9facda7c5"],
                },
            }
        ]
        assert [job["name"] for job in LuigiGrep("127.0.0.1", scheduler).prefix_search("Ok_1")] == ["Ok_1_64a8d99e05"]
        assert list(LuigiGrep("127.0.0.1", scheduler).prefix_search("ok")) == []

    @pytest.mark.parametrize("status", ["FAILED", "failed"])
    def test_status_search(self, scheduler, status):
        assert list(LuigiGrep("127.0.0.1", scheduler).status_search(status)) == [
            {
                "name": "Bad_2_a9facda7c5",
                "status": "FAILED",
                "deps_by_status": {"DONE": ["Ok_3_5d0c77e0b0"], "UNKNOWN": ["Gone_1"]},
            }
        ]

    @pytest.mark.parametrize(
        ("body", "status", "why"),
        [
            ("{}", 404, "Not Found"),
            ("<html>", 200, "Expecting value"),
            ('{"other": 1}', 200, "response"),
            ("[1]", 200, ""),
            ('{"response": 3}', 200, "no graph"),
        ],
    )
    def test_an_answer_that_is_no_schedulers(self, answering, body, status, why):
        port = answering(body, status)
        with pytest.raises(KernelError, match=f"no scheduler at http://127.0.0.1:{port}/api/graph: .*{why}"):
            list(LuigiGrep("127.0.0.1", port).prefix_search("x"))


ROOT = """\
my.Root__99914b932b: PENDING, Dependencies:
  status=DONE
    Ok_1_64a8d99e05
  status=PENDING
    Leaf_2_a9facda7c5
  status=FAILED
    Bad_2_a9facda7c5
"""


class TestCommand:
    @pytest.mark.parametrize(
        ("wanted", "lines"),
        [
            (("--prefix", "my"), ROOT),
            (("--prefix", "Ok"), "Ok_1_64a8d99e05: DONE, Dependencies:\nOk_3_5d0c77e0b0: DONE, Dependencies:\n"),
            (("--status", "pending"), ROOT + "Leaf_2_a9facda7c5: PENDING, Dependencies:\n"),
            (("--prefix", "Nothing"), ""),
            (("--status", "RUNNING"), ""),
        ],
    )
    def test_output(self, command, scheduler, wanted, lines):
        told = command("--scheduler-host", "127.0.0.1", "--scheduler-port", scheduler, *wanted)
        assert told == (0, f"Fetching from url: http://127.0.0.1:{scheduler}/api/graph\n{lines}", "")

    def test_prefix_and_status_together_narrow(self, command, scheduler):
        _, out, _ = command(
            "--scheduler-host=127.0.0.1", f"--scheduler-port={scheduler}", "--prefix", "Leaf", "--status", "DONE"
        )
        assert "Leaf" not in out

    def test_no_scheduler(self, command):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]  # bound and not listening: nobody answers, and nobody else can
            code, _, err = command("--scheduler-host", "127.0.0.1", "--scheduler-port", port, "--prefix", "x")
        assert code == 1
        assert f"error: no scheduler at http://127.0.0.1:{port}/api/graph" in err
        assert "hint: does `luigid` run there?" in err
        assert "Traceback" not in err

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ((), "give --prefix, --status, or both"),
            (("--status", "done-ish"), "DONE-ISH"),
            (("--prefix", "x", "--scheduler-port", "many"), "--scheduler-port"),
            (("x",), "unrecognized arguments: x"),
        ],
    )
    def test_mistakes(self, command, arguments, told):
        code, _, err = command(*arguments)
        assert code == 2
        assert told in err

    def test_help(self, command):
        code, out, _ = command("--help")
        assert code == 0
        for flag in ("--scheduler-host", "--scheduler-port", "--prefix", "--status"):
            assert flag in out
