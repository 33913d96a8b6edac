"""The gate: who gets through to what."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from falcon.testing import Result, TestClient

import luigi
from luigi.authentication import Caller, Recognised
from luigi.errors import ConfigurationError, PluginError
from luigi.hookspecs import Provider
from luigi.server.guard.recognising import WRONG_AT_ONCE
from luigi.testing import FakeClock

UNKNOWN = ["/nowhere", "/api/nothing", "/api/v1/nothing", "/login/x", "/static/none.css", "/%00", "/a/../b"]
GUARDED = ["/session", "/metrics", "/api/is_paused", "/api/v1/tasks", "/api/v1/openapi.json"]


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def told(answer: Result) -> tuple[Any, ...]:
    """All that an answer says, but for its date."""
    return answer.status_code, answer.text, tuple(sorted(answer.headers.items()))


# --- those who have not said who they are ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login"])
def test_anybody_learns_that_there_is_a_server(guarded: TestClient, path: str) -> None:
    assert guarded.simulate_get(path).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
def test_others_learn_of_nothing_whether_it_is_there(guarded: TestClient, method: str) -> None:
    """`/api/<method>` answers a preflight, which browsers send without credentials."""
    paths = [path for path in [*UNKNOWN, *GUARDED] if (method, path) != ("OPTIONS", "/api/is_paused")]
    answers = {told(guarded.simulate_request(method, path)) for path in paths}
    ((status, text, headers),) = answers
    assert status == 401
    assert "nothing" not in text
    assert "Basic" in dict(headers)["www-authenticate"]
    assert "allow" not in dict(headers)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors", "Accept": "text/html"}])
def test_a_pages_scripts_make_no_browser_ask_for_a_password(guarded: TestClient, headers: dict[str, str]) -> None:
    answer = guarded.simulate_get("/api/is_paused", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "Basic" not in answer.headers["www-authenticate"]


def test_a_person_is_led_to_sign_in_but_from_no_call(guarded: TestClient) -> None:
    html = {"Accept": "text/html,*/*"}
    assert guarded.simulate_get("/nowhere", headers=html).status_code == 303
    assert guarded.simulate_get("/nowhere", headers={**html, "Sec-Fetch-Mode": "navigate"}).status_code == 303
    assert guarded.simulate_get("/api/is_paused", headers=html).status_code == 401
    assert guarded.simulate_post("/session", headers=html).status_code == 401


# --- credentials ------------------------------------------------------------------------------------------------


def test_a_token_is_shown_as_bearer_or_password(guarded: TestClient, secrets: dict[str, str]) -> None:
    for header in (
        {"Authorization": f"Bearer {secrets['worker']}"},
        basic("anybody", secrets["worker"]),
        basic("", secrets["worker"]),
    ):
        assert guarded.simulate_get("/session", headers=header).json["name"] == "worker"


@pytest.mark.parametrize("path", ["/session", "/healthz", "/nowhere"])
@pytest.mark.parametrize(
    "header", ["Bearer guessed", "Basic guessed", "Basic Og==", "Negotiate x", "x", "Bearer " + "a" * 10_000]
)
def test_wrong_credentials_are_refused_everywhere(guarded: TestClient, header: str, path: str) -> None:
    answer = guarded.simulate_get(path, headers={"Authorization": header, "Accept": "text/html"})
    assert answer.status_code == 401
    assert "guessed" not in answer.text


def test_each_role_may_do_its_part(guarded: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    statuses = {
        (role, path): guarded.simulate_post(path, params={"data": data}, headers=as_role(role)).status_code
        for role in ("viewer", "worker", "operator")
        for path, data in [("/api/is_paused", "{}"), ("/api/ping", '{"worker": "w"}'), ("/api/pause", "{}")]
    }
    allowed = {pair for pair, status in statuses.items() if status == 200}
    assert set(statuses.values()) == {200, 403}
    assert allowed == {
        ("viewer", "/api/is_paused"),
        ("worker", "/api/is_paused"),
        ("worker", "/api/ping"),
        ("operator", "/api/is_paused"),
        ("operator", "/api/ping"),
        ("operator", "/api/pause"),
    }


def test_a_viewer_learns_nothing_of_what_others_may_see(
    guarded: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    paths = ["/api/pause", "/api/v1/control", "/api/v1/tasks/none/forgive"]
    ((status, text, _),) = {told(guarded.simulate_post(path, headers=as_role("viewer"))) for path in paths}
    assert status == 403
    assert "your role is viewer" in text


def test_without_authentication_credentials_do_not_matter(app_client: TestClient) -> None:
    answer = app_client.simulate_get("/session", headers={"Authorization": "Bearer of another server"})
    assert (answer.status_code, answer.json["role"]) == (200, "operator")


# --- too much ---------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_down_and_hinders_nobody_who_is_known(
    guarded: TestClient, secrets: dict[str, str], clock: FakeClock
) -> None:
    def status(secret: str, address: str = "10.0.0.1") -> int:
        header = {"Authorization": f"Bearer {secret}"}
        return guarded.simulate_get("/session", headers=header, remote_addr=address).status_code

    assert status(secrets["worker"]) == 200
    assert [status("guessed") for _ in range(WRONG_AT_ONCE)] == [401] * WRONG_AT_ONCE
    assert status("guessed") == 429
    assert status(secrets["worker"]) == 200, "it was used from there before"
    assert status(secrets["viewer"]) == 429, "or it could be guessed"
    assert status(secrets["viewer"], "10.0.0.2") == 200
    assert status("guessed", "10.0.0.2") == 401
    clock.advance(1)
    assert status(secrets["viewer"]) == 200


def test_calls_can_be_limited(client_of: Callable[..., TestClient], clock: FakeClock) -> None:
    client = client_of(rate_limit=10.0)

    def status(address: str = "10.0.0.1") -> int:
        return client.simulate_get("/healthz", remote_addr=address).status_code

    assert [status() for _ in range(21)] == [200] * 20 + [429]
    assert status("10.0.0.2") == 200
    clock.advance(0.1)
    assert [status(), status()] == [200, 429]
    assert int(client.simulate_get("/healthz", remote_addr="10.0.0.1").headers["retry-after"]) >= 1


def test_behind_a_proxy_each_caller_counts(client_of: Callable[..., TestClient]) -> None:
    client = client_of(rate_limit=1.0, trusted_proxies=("10.0.0.1",))
    for number in range(30):
        header = {"X-Forwarded-For": f"203.0.113.{number}"}
        assert client.simulate_get("/healthz", headers=header, remote_addr="10.0.0.1").status_code == 200


# --- authenticators ---------------------------------------------------------------------------------------------


class Badge:
    """Believes what a header says: a name and a role. Notes whom it was asked about."""

    def __init__(self) -> None:
        self.seen: list[Caller] = []

    def recognise(self, caller: Caller) -> Recognised | None:
        self.seen.append(caller)
        if "x-badge" not in caller.headers:
            return None
        name, _, role = caller.headers["x-badge"].partition(" ")
        return Recognised(name, role)


class Badges:
    """A plugin with one authenticator."""

    def __init__(self, badge: Badge) -> None:
        self._badge = badge

    @luigi.hookimpl
    def luigi_authenticators(self) -> Iterator[Provider]:
        yield Provider("badges", lambda: self._badge, "what a badge says")


@pytest.fixture
def badge() -> Badge:
    return Badge()


@pytest.fixture
def with_badges(guarded_by: Callable[..., TestClient], badge: Badge) -> TestClient:
    return guarded_by(authenticators=("badges",), plugins=(Badges(badge),))


def test_an_authenticator_alone_is_authentication(client_of: Callable[..., TestClient], badge: Badge) -> None:
    client = client_of(authenticators=("badges",), plugins=(Badges(badge),))
    assert client.simulate_get("/session").status_code == 401
    answer = client.simulate_get("/session", headers={"X-Badge": "ann viewer"})
    assert (answer.json["name"], answer.json["role"]) == ("ann", "viewer")
    assert client.simulate_post("/api/pause", headers={"X-Badge": "ann viewer"}).status_code == 403


def test_it_sees_whence_and_what_was_called(with_badges: TestClient, badge: Badge) -> None:
    with_badges.simulate_get("/session", headers={"X-Other": "1"}, remote_addr="10.0.0.1")
    (caller,) = badge.seen
    assert (caller.address, caller.method, caller.path) == ("10.0.0.1", "GET", "/session")
    assert caller.headers["x-other"] == "1"


def test_all_of_them_see_the_same_of_a_call(guarded_by: Callable[..., TestClient], badge: Badge) -> None:
    client = guarded_by(authenticators=("badges", "badges"), plugins=(Badges(badge),))
    client.simulate_get("/session")
    one, other = badge.seen
    assert one is other


def test_a_token_goes_first_and_is_enough(with_badges: TestClient, badge: Badge, secrets: dict[str, str]) -> None:
    header = {"Authorization": f"Bearer {secrets['worker']}", "X-Badge": "ann viewer"}
    assert with_badges.simulate_get("/session", headers=header).json["name"] == "worker"
    assert badge.seen == []


def test_credentials_of_its_own_may_be_in_authorization(with_badges: TestClient) -> None:
    header = {"Authorization": "Bearer of another kind", "X-Badge": "ann viewer"}
    assert with_badges.simulate_get("/session", headers=header).json["name"] == "ann"


@pytest.mark.parametrize("badge_says", ["ann", "ann admin", "ann anyone", " viewer", "ann VIEWER extra"])
def test_what_it_answers_wrongly_lets_nobody_in(
    with_badges: TestClient, badge_says: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert with_badges.simulate_get("/session", headers={"X-Badge": badge_says}).status_code == 401
    assert with_badges.simulate_get("/healthz", headers={"X-Badge": badge_says}).status_code == 401
    assert "authenticator badges failed" in caplog.text


def test_an_authenticator_that_there_is_not_stops_the_start(client_of: Callable[..., TestClient]) -> None:
    with pytest.raises(PluginError, match="no plugin offers 'badge'"):
        client_of(authenticators=("badge",))


def test_an_authenticator_without_its_settings_stops_the_start(client_of: Callable[..., TestClient]) -> None:
    with pytest.raises(ConfigurationError, match=r"\[trusted_proxy\] says nothing of proxies"):
        client_of(authenticators=("trusted_proxy",))
