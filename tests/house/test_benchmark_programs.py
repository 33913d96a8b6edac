"""The measured programs run, and measure what the table of bars asks of them; small here, whole in `make bench`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

TIMES = {"cpu", "wall"}
FLEET = {
    "kept": {"bytes"},
    "journal": {"bytes"},
    "call": {"p50", "p99"},
    "compaction": {"wall", "bytes"},
    "start": {"wall"},
    "stop": {"wall"},
    "snapshot": {"bytes"},
    "start-stopped": {"wall"},
}
PROGRAMS = {
    "new_instances.py 20": {"new": TIMES, "again": TIMES},
    "noop_tasks.py 20": {"seconds": TIMES},
    "file_tasks.py 20": {"seconds": TIMES},
    "file_tasks.py 20 2": {"seconds": TIMES},
    "spin_tasks.py 20": {"seconds": TIMES},
    "layer_tasks.py 20": {"seconds": TIMES},
    "complete_tasks.py 20": {"seconds": TIMES},
    "plain_loop.py 20": {"seconds": TIMES},
    "hand_out.py 200": {"exchange": TIMES, "one-exchange": {"p99"}},
    "hand_out.py 200 resources": {"exchange": TIMES, "one-exchange": {"p99"}},
    "declare.py 200": {"seconds": TIMES},
    "pending_memory.py 5000": {"pending": {"bytes"}},
    "served_noop.py 20": {"seconds": {"cpu"}, "calls": {"count"}},
    "served_latency.py 100": {"quiet-call": {"p50", "p99"}, "call": {"p50", "p99"}},
    "served_answers.py 2000": {"largest": {"bytes"}, "page": {"cpu"}},
    "served_table.py 2000": {"first": {"wall"}, "further": {"wall"}, "lock": {"p50"}},
    "served_restart.py 2000": {"kept": {"bytes"}, "start": {"wall"}},
    "served_batches.py 200 3": {"second": {"bytes"}, "last": {"bytes"}},
    "transitions.py 160": {"transitions": TIMES},
    "fleet.py 4 1200 --seconds 1": FLEET,
    "fleet.py 4 1200 --seconds 1 --pools": FLEET,
    "fleet_shards.py 2 4 1200 1": {"declared": {"count"}, "done": {"count"}},
    "sql_loads.py sqlite 100 1": {"load": TIMES, "bare-load": TIMES},
}
IN_A_BROWSER = {
    "page_crowd.py 200 2": {"paint": {"wall"}, "filter": {"wall"}, "idle": {"cpu"}},
    "page_live.py 200 2": {"held": {"bytes"}},
    "page_graph.py 20": {"graph": {"wall"}},
}
BESIDE_A_SERVICE = {
    "postgres_load.py 100 1 bare": {"load": TIMES, "bare-load": TIMES},
    "sql_loads.py mariadb 100 1": {"load": TIMES, "bare-load": TIMES},
    "s3_transfers.py 100 1 1": {
        f"{who}{verb}": TIMES for verb in ("put", "get", "copy", "list") for who in ("", "bare-")
    },
    "fleet.py 4 1200 --seconds 1 --store postgresql": FLEET,
}
SERVICES = ("postgres", "mariadb", "s3", "postgres")


@pytest.fixture
def benchmarks(root: Path) -> Path:
    return root / "tests/benchmarks"


def prints(program: str, wanted: Mapping[str, set[str]], benchmarks: Path, tmp_path: Path) -> None:
    """Run it; it has to print what the table of bars asks of it."""
    name, *rest = program.split()
    command = [sys.executable, str(benchmarks / "programs" / name), *rest]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    blocks = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    found = {block.pop("block"): block for block in blocks}
    assert {block: set(quantities) for block, quantities in found.items()} == wanted
    assert all(number > 0 for quantities in found.values() for number in quantities.values())


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_its_quantities(program: str, benchmarks: Path, tmp_path: Path) -> None:
    prints(program, PROGRAMS[program], benchmarks, tmp_path)


@pytest.mark.service("chromium")
@pytest.mark.parametrize("program", IN_A_BROWSER)
def test_program_that_looks_at_the_page_prints_its_quantities(program: str, benchmarks: Path, tmp_path: Path) -> None:
    prints(program, IN_A_BROWSER[program], benchmarks, tmp_path)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(program, marks=pytest.mark.service(service))
        for program, service in zip(BESIDE_A_SERVICE, SERVICES, strict=True)
    ],
)
def test_program_beside_a_service_prints_its_quantities(program: str, benchmarks: Path, tmp_path: Path) -> None:
    prints(program, BESIDE_A_SERVICE[program], benchmarks, tmp_path)


class Faulty(BaseHTTPRequestHandler):
    """Answers everything but what begins with the server's `fault`."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fails = self.path.startswith(self.server.fault)  # type: ignore[attr-defined]
        self.send_response(500 if fails else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """It goes without saying."""


@pytest.fixture(params=["/api/v1/exchange", "/api/v1/counts"])
def faulty(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that cannot take signs of life, or cannot say how many tasks there are."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Faulty) as server:
        server.fault = request.param  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_those_who_ping_and_poll_end_when_a_call_of_theirs_fails(benchmarks: Path, faulty: str) -> None:
    command = [sys.executable, benchmarks / "programs/served_others.py", faulty, "2", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "AssertionError: ('/api/v1/" in done.stderr
    assert "500" in done.stderr


def bench(benchmarks: Path, numbers: Path, only: str) -> subprocess.CompletedProcess[str]:
    """The bars whose work contains `only`, measured against ourselves."""
    command = [sys.executable, str(benchmarks / "bench.py"), "--peer", sys.executable, "--quick"]
    return subprocess.run(
        [*command, "--only", only, "--json", str(numbers)], capture_output=True, text=True, check=False
    )


def test_a_missed_bar_ends_with_an_error(benchmarks: Path, tmp_path: Path) -> None:
    """No import takes half as long as itself."""
    done = bench(benchmarks, tmp_path / "bench.json", "import luigi")
    assert done.returncode == 1, done.stderr
    assert "0 bars met, 1 missed" in done.stdout
    [bar] = json.loads((tmp_path / "bench.json").read_text())["bars"]
    assert bar["work"] == "import luigi"
    assert bar["met"] == "MISSED"


def test_a_met_bar_ends_well(benchmarks: Path, tmp_path: Path) -> None:
    """The one bar that no other load on the machine can make us miss: memory."""
    done = bench(benchmarks, tmp_path / "bench.json", "memory of")
    assert done.returncode == 0, done.stderr + done.stdout
    assert "1 bars met, 0 missed" in done.stdout
    numbers = json.loads((tmp_path / "bench.json").read_text())
    assert numbers["bars"][0]["bar"] == "≤ 1.50 KiB"
    [[kept]] = [run["bytes"] for run in numbers["runs"] if "bytes" in run]
    assert kept > 100_000 * 200
