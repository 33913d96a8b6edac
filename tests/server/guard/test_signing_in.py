"""Signing in with a browser, and out again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest
from falcon.testing import Result, TestClient

from luigi.server.guard import token_file
from luigi.server.guard.keyring import LOOK
from luigi.testing import FakeClock


class Browser:
    """What a browser does with forms and cookies."""

    def __init__(self, client: TestClient, **headers: str) -> None:
        self.client, self.headers, self.cookies = client, headers, dict[str, str]()

    def get(self, path: str, **headers: str) -> Result:
        return self._call("GET", path, headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Result:
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1:8082"}
        return self._call("POST", path, {**form, **headers}, body=urlencode(fields))

    def _call(self, method: str, path: str, headers: dict[str, str], **further: Any) -> Result:
        named = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        if self.cookies:
            named["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path, _, query = path.partition("?")
        answer = self.client.simulate_request(method, path, query_string=query, headers=named, **further)
        for name, cookie in answer.cookies.items():
            self.cookies.pop(name, None)
            if cookie.value:
                self.cookies[name] = cookie.value
        return answer

    def sign_in(self, secret: str, path: str = "/login") -> Result:
        return self.post("/login", {**fields_of(self.get(path).text), "token": secret})


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def location(answer: Result, asked: str) -> str:
    """Where a browser goes that asked for this."""
    assert answer.status_code == 303
    return urljoin(f"http://here/prefix{asked}", answer.headers["location"]).removeprefix("http://here/prefix")


@pytest.fixture
def browser(guarded: TestClient) -> Browser:
    return Browser(guarded, Accept="text/html")


@pytest.mark.parametrize(
    "path",
    [
        "/static/visualiser/index.html",
        "/history",
        "/history/by_id/3",
        "/nowhere/at/all",
        "/history/by_params/A?data=%7B%22a%22%3A1%7D",
    ],
)
def test_people_are_led_to_sign_in_and_back(browser: Browser, secrets: dict[str, str], path: str) -> None:
    to_form = location(browser.get(path), path)
    assert to_form.startswith("/login")
    assert location(browser.sign_in(secrets["viewer"], to_form), "/login") == path


def test_who_signed_in_is_known(browser: Browser, secrets: dict[str, str]) -> None:
    browser.sign_in(secrets["operator"])
    answer = browser.get("/session").json
    assert (answer["name"], answer["role"]) == ("operator", "operator")
    assert answer["csrf_token"]


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Browser, secrets: dict[str, str]) -> None:
    cookie = browser.sign_in(secrets["viewer"]).cookies["luigi_session_8082"]
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.secure) == (True, "Strict", "/", False)
    assert cookie.max_age == 12 * 3600
    assert secrets["viewer"] not in cookie.value


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({"trusted_proxies": ("127.0.0.1",)}, {"X_Forwarded_Proto": "https", "Origin": "https://127.0.0.1:8082"}),
        ({}, {"Origin": "https://127.0.0.1:8082"}),
    ],
    ids=["a proxy says so", "the browser's page says so"],
)
def test_behind_tls_the_cookie_is_secure_and_the_prefix_its_path(
    guarded_by: Callable[..., TestClient], secrets: dict[str, str], settings: dict[str, Any], headers: dict[str, str]
) -> None:
    browser = Browser(guarded_by(url_prefix="/luigi/", **settings))
    fields = fields_of(browser.get("/login").text)
    cookie = browser.post("/login", {**fields, "token": secrets["viewer"]}, **headers).cookies["luigi_session_8082"]
    assert (cookie.secure, cookie.path) == (True, "/luigi")


def test_a_wrong_token_gets_the_form_again(browser: Browser) -> None:
    answer = browser.sign_in("luigi_guessed", "/login?next=history")
    assert answer.status_code == 401
    assert "These credentials are not known." in answer.text
    assert fields_of(answer.text)["next"] == "history"
    assert "luigi_guessed" not in answer.text
    assert "luigi_session_8082" not in browser.cookies


def test_guessing_is_slowed_down(browser: Browser, secrets: dict[str, str]) -> None:
    statuses = [browser.sign_in(f"guess {number}").status_code for number in range(30)]
    assert statuses == [401] * 20 + [429] * 10
    answer = browser.sign_in(secrets["viewer"])
    assert answer.status_code == 429, "or the right one could be guessed"
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("change", [{"form": ""}, {"form": "another"}, {"form": "ü"}])
def test_the_form_must_be_ours(browser: Browser, secrets: dict[str, str], change: dict[str, str]) -> None:
    fields = {**fields_of(browser.get("/login").text), "token": secrets["viewer"], **change}
    assert browser.post("/login", fields).status_code == 403
    assert "luigi_session_8082" not in browser.cookies


def test_another_browsers_form_is_not_ours(guarded: TestClient, secrets: dict[str, str]) -> None:
    fields = fields_of(Browser(guarded).get("/login").text)
    victim = Browser(guarded)
    assert victim.post("/login", {**fields, "token": secrets["viewer"]}).status_code == 403
    victim.get("/login")
    assert victim.post("/login", {**fields, "token": secrets["viewer"]}).status_code == 403


def test_a_form_that_is_too_long_is_not_read(browser: Browser, secrets: dict[str, str]) -> None:
    fields = fields_of(browser.get("/login").text)
    assert browser.post("/login", {**fields, "token": secrets["viewer"], "more": "x" * 20_000}).status_code == 403


def test_another_site_signs_nobody_in(browser: Browser, secrets: dict[str, str]) -> None:
    fields = {**fields_of(browser.get("/login").text), "token": secrets["viewer"]}
    assert browser.post("/login", fields, Origin="https://evil.example").status_code == 403


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "a\r\nSet-Cookie: x=y", "../../..//evil.example", "", "login", "logout", "/login?next=x", " //evil.example",
     "\t//evil.example", "http:evil.example"],
)  # fmt: skip
def test_nobody_is_led_away(browser: Browser, secrets: dict[str, str], following: str) -> None:
    answer = browser.sign_in(secrets["viewer"], "/login?" + urlencode({"next": following}))
    assert urljoin("http://here/prefix/login", answer.headers["location"]).startswith("http://here/")
    assert answer.headers["location"].startswith("./")
    assert not set("\r\n\t\\") & set(answer.headers["location"])
    assert set(answer.cookies) == {"luigi_session_8082", "luigi_form_8082"}


def test_what_stands_in_the_address_is_text_on_the_page(browser: Browser) -> None:
    hostile = urlencode({"next": '"><script>alert(1)</script>'})
    page = browser.get(f"/login?{hostile}").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_who_follows_a_link_from_elsewhere_can_go_on(browser: Browser) -> None:
    """A browser sends no strict cookie with such a link, so that nobody seems to be signed in."""
    page = browser.get("/login?next=history", Sec_Fetch_Site="cross-site").text
    assert '<a href="./history">Go on' in page
    assert "Go on" not in browser.get("/login?next=history").text


def test_who_signs_out_is_out_and_the_cookie_with_them(browser: Browser, secrets: dict[str, str]) -> None:
    browser.sign_in(secrets["operator"])
    stolen = Browser(browser.client)
    stolen.cookies = dict(browser.cookies)
    proof = browser.get("/session").json["csrf_token"]
    assert location(browser.post("/logout", {"csrf_token": proof}), "/logout") == "/login"
    assert "luigi_session_8082" not in browser.cookies
    assert stolen.get("/session").status_code == 401


def test_nobody_is_signed_out_by_others(browser: Browser, secrets: dict[str, str]) -> None:
    browser.sign_in(secrets["operator"])
    assert browser.post("/logout", {"csrf_token": "guessed"}).status_code == 403
    assert browser.post("/logout", {}).status_code == 403
    assert browser.get("/session").status_code == 200
    assert browser.get("/logout").status_code == 405


def test_changes_with_a_cookie_need_the_proof(browser: Browser, secrets: dict[str, str], scheduler: Any) -> None:
    browser.sign_in(secrets["operator"])
    proof = browser.get("/session").json["csrf_token"]
    assert browser.post("/api/pause", {}).status_code == 403
    assert browser.post("/api/pause", {}, X_CSRF_Token="guessed").status_code == 403
    assert scheduler.is_paused() == {"paused": False}
    assert browser.post("/api/pause", {}, X_CSRF_Token=proof).status_code == 200
    assert scheduler.is_paused() == {"paused": True}


def test_the_proof_may_be_in_the_form_that_says_what_to_change(
    browser: Browser, secrets: dict[str, str], scheduler: Any
) -> None:
    browser.sign_in(secrets["operator"])
    proof = browser.get("/session").json["csrf_token"]
    said = {"csrf_token": proof, "data": '{"disk": 5}'}
    assert browser.post("/api/update_resources", said).status_code == 200
    assert [(one["name"], one["num_total"]) for one in scheduler.resource_list()] == [("disk", 5)]


def test_a_cookie_may_do_what_its_role_may(browser: Browser, secrets: dict[str, str]) -> None:
    browser.sign_in(secrets["viewer"])
    proof = browser.get("/session").json["csrf_token"]
    assert browser.post("/api/pause", {}, X_CSRF_Token=proof).status_code == 403
    assert browser.get("/api/is_paused").json == {"response": {"paused": False}}


def test_a_session_ends_with_its_token(
    browser: Browser, secrets: dict[str, str], tokens_file: Path, clock: FakeClock
) -> None:
    browser.sign_in(secrets["viewer"])
    token_file.remove(tokens_file, "viewer")
    clock.advance(LOOK)
    assert location(browser.get("/session"), "/session") == "/login?next=session"
    assert browser.get("/session", Accept="application/json").status_code == 401


def test_an_old_cookie_hinders_nobody_from_signing_in(browser: Browser, secrets: dict[str, str]) -> None:
    browser.cookies["luigi_session_8082"] = "old"
    assert browser.sign_in(secrets["viewer"]).status_code == 303
    assert browser.sign_in(secrets["operator"]).status_code == 303, "nor one that is good"
    assert browser.get("/session").json["name"] == "operator"


def test_without_authentication_there_is_nothing_to_sign_in_to(app_client: TestClient) -> None:
    browser = Browser(app_client)
    assert location(browser.get("/login"), "/login") == "/"
    assert browser.get("/session").json == {"name": "anyone", "role": "operator", "csrf_token": None}
