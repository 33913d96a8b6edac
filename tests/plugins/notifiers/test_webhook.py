"""Webhooks: all there is of a notice, signed."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import luigi
from luigi.errors import ConfigurationError
from luigi.plugins.notifiers import webhook
from luigi.plugins.notifiers.webhook import Settings, WebhookNotifier
from luigi.telling import Notice
from luigi.testing import FakeClock
from luigi.testing.contracts import NotifierContract, PluginContract
from luigi.testing.http_sink import HttpSink

NOTICE = Notice("s", "t", "Load_1", "task_failed", "Load", "error", ("a@example.com",), "<p>", {"failures": 2})


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as opened:
        yield opened


class TestWebhookNotifier(NotifierContract):
    secrets = ("a-secret-path", "a-key", "a-token")

    @pytest.fixture
    def notifier(self, sink: HttpSink) -> WebhookNotifier:
        return self._to(sink.url)

    @pytest.fixture
    def arrived(self, sink: HttpSink) -> Callable[[], Sequence[str]]:
        return lambda: ["\n".join((each.json()["subject"], each.json()["text"])) for each in sink.requests]

    @pytest.fixture
    def broken(self) -> WebhookNotifier:
        return self._to("http://127.0.0.1:9/")

    def _to(self, url: str) -> WebhookNotifier:
        return WebhookNotifier(Settings(url + "a-secret-path", "a-key", ("Authorization: Bearer a-token",)))


class TestWebhookPlugin(PluginContract):
    plugin = webhook


def test_all_of_a_notice_arrives(sink: HttpSink) -> None:
    WebhookNotifier(Settings(sink.url), FakeClock(1700000000.5)).notify(NOTICE)
    assert sink.requests[0].json() == {
        "kind": "task_failed",
        "severity": "error",
        "subject": "s",
        "text": "t",
        "task_id": "Load_1",
        "family": "Load",
        "owners": ["a@example.com"],
        "facts": {"failures": 2},
        "at": 1700000000,
    }
    assert sink.requests[0].headers["x-luigi-kind"] == "task_failed"


def test_it_is_signed_with_its_time(sink: HttpSink) -> None:
    WebhookNotifier(Settings(sink.url, secret="a-key"), FakeClock(1700000000)).notify(NOTICE)
    (request,) = sink.requests
    expected = hmac.new(b"a-key", b"1700000000." + request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-luigi-timestamp"] == "1700000000"
    assert request.headers["x-luigi-signature"] == f"sha256={expected}"


def test_without_a_key_nothing_is_signed(sink: HttpSink) -> None:
    WebhookNotifier(Settings(sink.url)).notify(NOTICE)
    assert "x-luigi-signature" not in sink.requests[0].headers


def test_more_headers(sink: HttpSink) -> None:
    WebhookNotifier(Settings(sink.url, headers=("Authorization: Bearer a:b", "X-Team:  ops"))).notify(NOTICE)
    headers = sink.requests[0].headers
    assert (headers["authorization"], headers["x-team"]) == ("Bearer a:b", "ops")


@pytest.mark.parametrize("header", ["Authorization", ": token", "X: a\r\nY: b"])
def test_what_is_no_header_is_a_mistake_that_is_not_shown(header: str) -> None:
    with pytest.raises(ConfigurationError, match="not NAME: VALUE") as caught:
        WebhookNotifier(Settings("http://127.0.0.1:9/", headers=(header,)))
    assert "token" not in str(caught.value)


def test_the_check_posts_nothing(sink: HttpSink) -> None:
    assert webhook.check(Settings(sink.url)) == f"127.0.0.1:{sink.port} can be reached"
    assert sink.requests == []


class Unhooked(luigi.Task):
    def complete(self) -> bool:
        raise OSError("no hook")


def test_a_rule_decides_what_is_posted(sink: HttpSink, luigi_config: Callable[..., None]) -> None:
    luigi_config("webhook", url=sink.url, headers="X-Team: ops")
    luigi_config("notify.others", notifier="webhook", families="Other*")
    luigi.build([Unhooked()], local_scheduler=True, log_level="CRITICAL")
    assert sink.requests == []
    luigi_config("notify.mine", notifier="webhook", families="Unhooked")
    luigi.build([Unhooked()], local_scheduler=True, log_level="CRITICAL")
    assert [request.json()["kind"] for request in sink.requests] == ["scheduling_failed"]


PROGRAM = """
import logging, luigi

class Unanswered(luigi.Task):
    def complete(self):
        return False

    def run(self):
        raise OSError("no answer")

print(luigi.build([Unanswered()], local_scheduler=True, log_level="ERROR"), flush=True)
"""


def test_a_receiver_that_never_answers_changes_nothing_but_the_log(sink: HttpSink, tmp_path: Path) -> None:
    sink.answering.clear()
    (tmp_path / "luigi.cfg").write_text(f"[core]\nnotify_deadline = 0.5\n[webhook]\nurl = {sink.url}\n")
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "False\n")
    assert "notifier webhook did not come back within 0.5 s: 1 notices were not passed on" in ended.stderr
    assert "Luigi: Unanswered() FAILED" in ended.stderr
    assert sink.url not in ended.stderr
