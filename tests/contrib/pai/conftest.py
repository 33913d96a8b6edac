"""Stands in for the REST server of OpenPAI, of which there is none to be had: its jobs are programs of this machine.

The routes and answers are those of OpenPAI's own documentation (docs/rest-server/API.md in its repository).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from luigi.testing.http_server import Answer, HttpServer, Request

PASSWORD = "the-password"


class Job:
    """Its first role's command, run by a shell."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.description = description
        self.stopped = False
        command = ["sh", "-c", description["taskRoles"][0]["command"]]
        self.program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def status(self) -> dict[str, Any]:
        """As OpenPAI tells it."""
        code = self.program.poll()
        where = {"appTrackingUrl": "http://yarn/proxy/application_1/", "appProgress": "0.25"}
        if code is None:
            return {"state": "RUNNING", "appExitCode": None, "appExitDiagnostics": None, **where}
        if not hasattr(self, "printed"):
            assert self.program.stdout is not None
            self.printed = self.program.stdout.read()
        state = "STOPPED" if self.stopped else "FAILED" if code else "SUCCEEDED"
        kind = "NON_TRANSIENT_NORMAL" if code else "SUCCEEDED"
        return {"state": state, "appExitCode": code, "appExitType": kind, "appExitDiagnostics": self.printed, **where}

    def stop(self) -> None:
        """Kill it."""
        self.stopped = True
        self.program.kill()
        self.program.wait()


class Pai:
    """`calls` is what was asked; `failures` is what the next calls are answered with, whatever they are."""

    def __init__(self, jobs_path: str = "/api/v1/jobs") -> None:
        self.jobs_path = jobs_path
        self.jobs: dict[str, Job] = {}
        self.calls: list[tuple[str, str, Any]] = []
        self.failures: list[tuple[int, Any, dict[str, str]]] = []
        self.token = "token-1"
        self._server = HttpServer(self._answered)
        self.url = self._server.url

    def _answered(self, request: Request) -> Answer:
        given = request.json() if request.body else None
        status, answer, headers = self.answer(
            request.method, request.path, given, request.headers.get("authorization", "")
        )
        return Answer(status, answer if isinstance(answer, bytes) else json.dumps(answer).encode(), headers)

    def stop(self) -> None:
        for job in self.jobs.values():
            job.stop()
        self._server.close()

    def answer(self, method: str, path: str, given: Any, who: str) -> tuple[int, Any, dict[str, str]]:
        self.calls.append((method, path, given))
        if self.failures:
            return self.failures.pop(0)
        if path == "/api/v1/token":
            if (given["username"], given["password"]) != ("me", PASSWORD):
                return 400, {"code": "IncorrectPasswordError", "message": "Password is incorrect."}, {}
            return 200, {"token": self.token, "user": "me", "admin": False}, {}
        if who != f"Bearer {self.token}":
            return 401, {"code": "UnauthorizedUserError", "message": "Guest is not allowed."}, {}
        if not path.startswith(self.jobs_path):
            return 404, {"code": "NoApiError", "message": f"API {path} is not found."}, {}
        names = [unquote(part) for part in path.removeprefix(self.jobs_path).strip("/").split("/")]
        status, answer = self._submitted(given) if method == "POST" else self._about(method, names[0], given)
        return status, answer, {}

    def _submitted(self, given: Any) -> tuple[int, Any]:
        name = given["jobName"]
        if name in self.jobs:
            return 409, {"code": "ConflictJobError", "message": f"Job name {name} already exists."}
        self.jobs[name] = Job(given)
        return 202, {"message": f"update job {name} successfully"}

    def _about(self, method: str, name: str, given: Any) -> tuple[int, Any]:
        if name not in self.jobs:
            return 404, {"code": "NoJobError", "message": f"Job {name} is not found."}
        if method == "PUT":
            assert given == {"value": "STOP"}
            self.jobs[name].stop()
            return 200, {"message": f"execute job {name} successfully"}
        return 200, {"name": name, "jobStatus": self.jobs[name].status()}


@pytest.fixture
def pai() -> Iterator[Pai]:
    """The stand-in, to which the configuration leads."""
    pytest.importorskip("requests", reason="requests is not installed")
    from luigi.configuration import get_config

    stand_in, config = Pai(), get_config()
    for option, value in {"pai_url": stand_in.url, "username": "me", "password": PASSWORD, "retries": "2"}.items():
        config.set("OpenPai", option, value)
    yield stand_in
    config.remove_section("OpenPai")
    stand_in.stop()
