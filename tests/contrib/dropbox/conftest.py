"""Stands in for Dropbox, of which there is no server to be had: the routes of its API that files need, in memory.

The real client talks to it; only the addresses that it has built in are led here.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.testing.http_server import Answer, HttpServer, Request

TOKEN = "the-token"
REFRESH = "the-refresh-token"


class Conflict(Exception):
    """An answer of status 409. `tags` lead from the outer union of the error to the inner."""

    def __init__(self, *tags: str, **inside: Any) -> None:
        self.body = {"error_summary": "/".join(tags) + "/..", "error": _union(list(tags), inside)}


def _union(tags: list[str], inside: dict[str, Any]) -> dict[str, Any]:
    first, *others = tags
    if not others:
        return {".tag": first, **inside}
    name = "reason" if inside.get("upload_session_id") and first == "path" else first
    more = {key: value for key, value in inside.items() if name == "reason"}
    return {".tag": first, name: _union(others, {}), **more}


class Refused(Exception):
    """An answer of another status."""

    def __init__(self, status: int, body: Any, **headers: str) -> None:
        self.status, self.body, self.headers = status, body, headers


class StandIn:
    """Files and folders, by lower-case path: (path as written, content), with None for a folder."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, bytes | None]] = {}
        self.written: dict[str, str] = {}
        """When each was, in Dropbox's words."""
        self.sessions: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.failures: list[tuple[str, Refused]] = []
        """What the next requests are answered with, and for which route."""
        self.page = 2000
        self.lock = threading.Lock()
        self._server = HttpServer(self._answered)
        self.url = self._server.url

    def _answered(self, request: Request) -> Answer:
        with self.lock:
            status, answer, headers = self.answer(request.path, request.headers, request.body)
        return Answer(status, answer, headers)

    def stop(self) -> None:
        self._server.close()

    def fail(self, route: str, status: int, body: Any) -> None:
        """Answer the next request of that route like this; of any, if it is empty."""
        self.failures.append((route, Refused(status, body)))

    # --- the protocol --------------------------------------------------------------------------------------------

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        is_json = {"Content-Type": "application/json"}
        self.asked.append(path.removeprefix("/2/"))
        self.headers.append(headers)
        try:
            if self.failures and self.failures[0][0] in ("", self.asked[-1]):
                raise self.failures.pop(0)[1]
            if path == "/oauth2/token":
                return 200, json.dumps({"access_token": TOKEN, "expires_in": 14400}).encode(), is_json
            if headers.get("authorization") != f"Bearer {TOKEN}":
                said = {"error_summary": "invalid_access_token/..", "error": {".tag": "invalid_access_token"}}
                raise Refused(401, said)
            given = headers.get("dropbox-api-arg")
            argument = json.loads(given if given is not None else body or b"null")
            route = getattr(self, path.removeprefix("/2/files/").replace("/", "_"))
            answer = route(argument, body)
        except Conflict as conflict:
            return 409, json.dumps(conflict.body).encode(), is_json
        except Refused as refused:
            kind = {} if isinstance(refused.body, str) else is_json
            text = refused.body if isinstance(refused.body, str) else json.dumps(refused.body)
            return refused.status, text.encode(), {**kind, **refused.headers}
        if isinstance(answer, tuple):
            described, content = answer
            return 200, content, {"Dropbox-API-Result": json.dumps(described)}
        return 200, json.dumps(answer).encode(), is_json

    # --- routes --------------------------------------------------------------------------------------------------

    def get_metadata(self, argument: Any, _: bytes) -> Any:
        return self._described(self._found(argument["path"], "path"))

    def list_folder(self, argument: Any, _: bytes) -> Any:
        key = self._key(argument["path"], "path", root=True)
        if key and self._found(argument["path"], "path")[1] is not None:
            raise Conflict("path", "not_folder")
        names = [one for one in sorted(self.kept) if one.startswith(key + "/")]
        if not argument.get("recursive"):
            names = [one for one in names if "/" not in one[len(key) + 1 :]]
        elif key:
            names = [key, *names]
        return self._page(names)

    def list_folder_continue(self, argument: Any, _: bytes) -> Any:
        return self._page(json.loads(argument["cursor"]))

    def _page(self, names: list[str]) -> Any:
        here, later = names[: self.page], names[self.page :]
        entries = [self._described(self.kept[name]) for name in here if name in self.kept]
        return {"entries": entries, "cursor": json.dumps(later), "has_more": bool(later)}

    def create_folder_v2(self, argument: Any, _: bytes) -> Any:
        self._free(argument["path"], "path")
        self._put(argument["path"], None)
        return {"metadata": self._described(self.kept[argument["path"].lower()], tagged=False)}

    def delete_v2(self, argument: Any, _: bytes) -> Any:
        found = self._found(argument["path"], "path_lookup")
        for name in self._tree(argument["path"]):
            del self.kept[name]
        return {"metadata": self._described(found)}

    def move_v2(self, argument: Any, _: bytes) -> Any:
        answer = self.copy_v2(argument, _)
        for name in self._tree(argument["from_path"]):
            del self.kept[name]
        return answer

    def copy_v2(self, argument: Any, _: bytes) -> Any:
        source, to = argument["from_path"], argument["to_path"]
        self._found(source, "from_lookup")
        if (to.lower() + "/").startswith(source.lower() + "/"):
            raise Conflict("duplicated_or_nested_paths")
        self._free(to, "to")
        for name in self._tree(source):
            display, content = self.kept[name]
            self._put(to + display[len(source) :], content)
        return {"metadata": self._described(self.kept[to.lower()])}

    def download(self, argument: Any, _: bytes) -> Any:
        found = self._found(argument["path"], "path")
        if found[1] is None:
            raise Conflict("path", "not_file")
        return self._described(found, tagged=False), found[1]

    def upload(self, argument: Any, body: bytes) -> Any:
        there = self.kept.get(self._key(argument["path"], "path"))
        if there and (there[1] is None or argument.get("mode") != {".tag": "overwrite"}):
            kind = "folder" if there[1] is None else "file"
            raise Conflict("path", "conflict", kind, upload_session_id="none")
        self._put(argument["path"], body)
        return self._described(self.kept[argument["path"].lower()], tagged=False)

    def upload_session_start(self, _: Any, body: bytes) -> Any:
        name = f"session-{len(self.sessions)}"
        self.sessions[name] = body
        return {"session_id": name}

    def upload_session_append_v2(self, argument: Any, body: bytes) -> Any:
        cursor = argument["cursor"]
        if cursor["offset"] != len(self.sessions[cursor["session_id"]]):
            raise Conflict("incorrect_offset", correct_offset=len(self.sessions[cursor["session_id"]]))
        self.sessions[cursor["session_id"]] += body

    def upload_session_finish(self, argument: Any, body: bytes) -> Any:
        self.upload_session_append_v2(argument, body)
        try:
            return self.upload(argument["commit"], self.sessions.pop(argument["cursor"]["session_id"]))
        except Conflict as conflict:  # of which this route has another form
            raise Conflict("path", "conflict", conflict.body["error"]["reason"]["conflict"][".tag"]) from conflict

    # --- the tree ------------------------------------------------------------------------------------------------

    def _key(self, path: str, tag: str, root: bool = False) -> str:
        if path == "" and root:
            return ""
        if not path.startswith("/") or path == "/":
            raise Refused(400, f'Error in call to API function: path: "{path}" did not match pattern')
        if path.endswith("/") or "//" in path:
            raise Conflict(tag, "malformed_path")
        return path.lower()

    def _found(self, path: str, tag: str) -> tuple[str, bytes | None]:
        key = self._key(path, tag)
        if key not in self.kept:
            raise Conflict(tag, "not_found")
        return self.kept[key]

    def _free(self, path: str, tag: str) -> None:
        there = self.kept.get(self._key(path, tag))
        if there:
            raise Conflict(tag, "conflict", "folder" if there[1] is None else "file")

    def _tree(self, path: str) -> list[str]:
        key = path.lower()
        return [name for name in self.kept if name == key or name.startswith(key + "/")]

    def _put(self, path: str, content: bytes | None) -> None:
        above = path.rpartition("/")[0]
        if above:
            there = self.kept.get(above.lower())
            if there is None:
                self._put(above, None)
            elif there[1] is not None:
                raise Conflict("path", "conflict", "file_ancestor")
        self.kept[path.lower()] = (path, content)
        self.written[path.lower()] = datetime.fromtimestamp(SYSTEM.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _described(self, entry: tuple[str, bytes | None], tagged: bool = True) -> dict[str, Any]:
        path, content = entry
        number = hashlib.sha256(path.lower().encode()).hexdigest()
        names = {
            "name": path.rpartition("/")[2],
            "path_lower": path.lower(),
            "path_display": path,
            "id": f"id:{number}",
        }
        if content is None:
            return {**({".tag": "folder"} if tagged else {}), **names}
        times = {"client_modified": "2026-01-01T00:00:00Z", "server_modified": self.written[path.lower()]}
        file = {"rev": number[:12], "size": len(content), "content_hash": number, "is_downloadable": True}
        return {**({".tag": "file"} if tagged else {}), **names, **times, **file}


@pytest.fixture
def dropbox_com(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """What the real client takes for Dropbox."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))  # what stays, stays there
    import dropbox
    from requests.adapters import HTTPAdapter

    stand_in = StandIn()
    built_in = ("https://api.dropboxapi.com", "https://content.dropboxapi.com")
    create_session = dropbox.create_session

    class Led(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            for address in built_in:
                request.url = request.url.replace(address, stand_in.url)
            return super().send(request, *args, **kwargs)

    def led(*args: Any, **kwargs: Any) -> Any:
        session = create_session(*args, **kwargs)
        session.mount("https://", Led())
        return session

    for place in ("dropbox.create_session", "dropbox.dropbox_client.create_session"):
        monkeypatch.setattr(place, led)
    yield stand_in
    stand_in.stop()
