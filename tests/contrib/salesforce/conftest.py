"""Stands in for Salesforce, of which there is no server to be had: signing in, REST queries, and bulk queries.

Routes, forms and error codes are those of Salesforce's guides for SOAP's login(), the REST API and the Bulk API.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from luigi.testing.http_server import Answer, HttpServer, Request

PASSWORD = "the-password"
TOKEN = "the-security-token"
BULK = "http://www.force.com/2009/06/asyncapi/dataload"
SOAP = "urn:partner.soap.sforce.com"
RESULTS = {
    "CSV": ['"Id","Name"\n"1","Zoë"\n', '"Id","Name"\n"2","a ""b""\nc"\n'],
    "XML": [
        f'<?xml version="1.0" encoding="UTF-8"?><queryResult xmlns="{BULK}" xmlns:xsi="x">'
        f'<records xsi:type="sObject"><Id>{number}</Id><Name>{name}</Name></records></queryResult>'
        for number, name in ((1, "Zoë"), (2, "a &lt;b&gt;"))
    ],
    "JSON": ['[{"Id":"1","Name":"Zoë"}]', ' [ {"Id":"2","Name":"]"} ]\n'],
}


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        self.code, self.message, self.status = code, message, status


class Salesforce:
    """`calls` is what was asked; `results` is what bulk queries find, by kind of content."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.calls: list[tuple[str, str, bytes]] = []
        self.headers: list[Mapping[str, str]] = []
        self.sessions: set[str] = set()
        self.jobs: dict[str, dict[str, str]] = {}
        self.batches: dict[str, dict[str, str]] = {}
        self.results = RESULTS
        self.breaks = 0
        """How many of the next results break off in the middle."""
        self._server = HttpServer(self._answered)
        self.url = self._server.url

    def _answered(self, request: Request) -> Answer:
        status, kind, answer = self.answer(request.method, request.path, request.headers, request.body)
        content = answer if isinstance(answer, str) else json.dumps(answer)
        breaks = "/result/" in request.path and self.breaks > 0
        self.breaks -= breaks
        return Answer(
            status, content.encode(), {"Content-Type": f"{kind}; charset=UTF-8"}, breaks_after=9 if breaks else None
        )

    def stop(self) -> None:
        self._server.close()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str, Any]:
        self.calls.append((method, path, body))
        self.headers.append(headers)
        place = urlsplit(path)
        if place.path.startswith("/services/Soap/u/"):
            return self._login(body.decode())
        if place.path == "/services/oauth2/token":
            return self._token(parse_qs(body.decode()))
        is_bulk = place.path.startswith("/services/async/")
        session = headers.get("x-sfdc-session") if is_bulk else headers.get("authorization", "").partition("Bearer ")[2]
        try:
            if session not in self.sessions:
                raise Refused("InvalidSessionId" if is_bulk else "INVALID_SESSION_ID", "Session expired", 401)
            names = place.path.split("/")[4:]
            if is_bulk:
                return self._bulk(method, float(place.path.split("/")[3]), names, headers, body)
            return 200, "application/json", self._rest(names, parse_qs(place.query))
        except Refused as refused:
            if not is_bulk:
                return refused.status, "application/json", [{"message": refused.message, "errorCode": refused.code}]
            inner = {"exceptionCode": refused.code, "exceptionMessage": refused.message}
            return refused.status, "application/xml", xml("error", inner)

    # --- signing in ------------------------------------------------------------------------------------------------

    def _login(self, body: str) -> tuple[int, str, Any]:
        root = ElementTree.fromstring(body)
        name, password = (root.findtext(f".//{{{SOAP}}}{tag}") for tag in ("username", "password"))
        if name not in ("me", "me.box") or password != PASSWORD + TOKEN:
            fault = "<faultcode>INVALID_LOGIN</faultcode><faultstring>INVALID_LOGIN: Invalid username</faultstring>"
            return 500, "text/xml", f"<E xmlns:sf='x'><Fault>{fault}</Fault></E>"
        said = f"<serverUrl>{self.url}/services/Soap/u/34.0/00D</serverUrl><sessionId>{self._begun()}</sessionId>"
        return 200, "text/xml", f"<E xmlns='{SOAP}'><loginResponse><result>{said}</result></loginResponse></E>"

    def _token(self, given: dict[str, list[str]]) -> tuple[int, str, Any]:
        if given.get("client_secret") != [PASSWORD]:
            refusal = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return 400, "application/json", refusal
        return 200, "application/json", {"access_token": self._begun(), "instance_url": self.url}

    def _begun(self) -> str:
        session = f"session-{next(self.numbers)}"
        self.sessions = {session}
        return session

    # --- REST --------------------------------------------------------------------------------------------------------

    def _rest(self, names: list[str], given: dict[str, list[str]]) -> Any:
        if names[:1] == ["sobjects"]:
            return {"name": names[1], "given": given}
        if names == ["query"] and given["q"] != ["SELECT Id FROM Account"]:
            raise Refused("MALFORMED_QUERY", f"unexpected token: {given['q'][0]}")
        page = int(names[1].rpartition("-")[2]) if len(names) > 1 else 1
        more = {} if page == 3 else {"nextRecordsUrl": f"/services/data/v34.0/query/01g-{page + 1}"}
        return {"totalSize": 3, "done": page == 3, "records": [{"Id": str(page)}], **more}

    # --- bulk --------------------------------------------------------------------------------------------------------

    def _bulk(
        self, method: str, version: float, names: list[str], headers: dict[str, str], body: bytes
    ) -> tuple[int, str, Any]:
        if names == ["job"]:
            return self._new_job(version, ElementTree.fromstring(body))
        job = self.jobs[names[1]]
        if len(names) == 2:
            if method == "POST":
                job["state"] = ElementTree.fromstring(body).findtext(f"{{{BULK}}}state") or ""
            return 200, "application/xml", xml("jobInfo", job)
        kind = job.get("contentType", "XML")
        if names[2:] == ["batch"]:
            return self._new_batch(job, kind, headers["content-type"], body.decode())
        batch = self.batches[names[3]]
        if len(names) == 4:
            return self._told(kind, "batchInfo", self._looked_at(job, batch))
        ids = [f"752-{number}" for number in range(len(self.results[kind]))]
        if len(names) == 5:
            found = "".join(f"<result>{name}</result>" for name in ids)
            whole = ids if kind == "JSON" else f'<result-list xmlns="{BULK}">{found}</result-list>'
            return 200, "application/json" if kind == "JSON" else "application/xml", whole
        return 200, f"text/{kind.lower()}", self.results[kind][ids.index(names[5])]

    def _new_job(self, version: float, asked: ElementTree.Element) -> tuple[int, str, Any]:
        job = {element.tag.rpartition("}")[2]: element.text or "" for element in asked}
        if job.get("contentType") == "JSON" and version < 36:
            raise Refused("InvalidJob", "JSON is not supported in this version")
        job |= {"id": f"750-{next(self.numbers)}", "state": "Open"}
        self.jobs[job["id"]] = job
        return 201, "application/xml", xml("jobInfo", job)

    def _new_batch(self, job: dict[str, str], kind: str, said: str, query: str) -> tuple[int, str, Any]:
        if kind.lower() not in said:
            raise Refused("InvalidBatch", f"a batch of {kind} came as {said}")
        batch = {"id": f"751-{next(self.numbers)}", "jobId": job["id"], "state": "Queued", "query": query}
        self.batches[batch["id"]] = batch
        return self._told(kind, "batchInfo", batch)

    def _looked_at(self, job: dict[str, str], batch: dict[str, str]) -> dict[str, str]:
        if job["state"] == "Aborted":
            batch["state"] = "Not Processed"
        elif batch["state"] == "Queued":
            batch["state"] = "InProgress"
        elif "Endless" in batch["query"]:
            pass
        elif "Nowhere" in batch["query"]:
            batch |= {"state": "Failed", "stateMessage": "InvalidBatch : sObject type 'Nowhere' is not supported."}
        else:
            batch |= {"state": "Completed", "numberRecordsProcessed": "2", "numberRecordsFailed": "0"}
        return batch

    def _told(self, kind: str, tag: str, said: dict[str, str]) -> tuple[int, str, Any]:
        return (200, "application/json", said) if kind == "JSON" else (200, "application/xml", xml(tag, said))


def xml(tag: str, said: dict[str, str]) -> str:
    root = ElementTree.Element(tag, xmlns=BULK)
    for name, value in said.items():
        ElementTree.SubElement(root, name).text = value
    return ElementTree.tostring(root, encoding="unicode")


@pytest.fixture
def salesforce() -> Iterator[Salesforce]:
    """The stand-in, to which the configuration leads."""
    pytest.importorskip("requests", reason="requests is not installed")
    from luigi.configuration import get_config

    stand_in, config = Salesforce(), get_config()
    options = {"login_url": stand_in.url, "username": "me", "password": PASSWORD, "retries": "1"}
    for option, value in {**options, "security_token": TOKEN, "sb_security_token": TOKEN}.items():
        config.set("salesforce", option, value)
    yield stand_in
    config.remove_section("salesforce")
    stand_in.stop()
