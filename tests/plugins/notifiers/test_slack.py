"""Slack: what its users see of a notice, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

import luigi
from luigi.plugins.notifiers import slack
from luigi.plugins.notifiers.slack import LONGEST, Settings, SlackNotifier, message_of
from luigi.telling import Notice
from luigi.testing.contracts import NotifierContract, PluginContract
from luigi.testing.http_sink import HttpSink

NOTICE = Notice("Load FAILED", "ValueError: <boom> & co")


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink(body=b"ok") as opened:
        yield opened


class TestSlackNotifier(NotifierContract):
    secrets = ("T0000/B0000/XXXX",)

    @pytest.fixture
    def notifier(self, sink: HttpSink) -> SlackNotifier:
        return SlackNotifier(Settings(sink.url + "services/T0000/B0000/XXXX"))

    @pytest.fixture
    def arrived(self, sink: HttpSink) -> Callable[[], Sequence[str]]:
        return lambda: [_as_read(request.json()["text"]) for request in sink.requests]

    @pytest.fixture
    def broken(self) -> SlackNotifier:
        return SlackNotifier(Settings("http://127.0.0.1:9/services/T0000/B0000/XXXX"))


class TestSlackPlugin(PluginContract):
    plugin = slack


def _as_read(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_the_subject_is_bold_and_the_text_a_block_of_code(sink: HttpSink) -> None:
    SlackNotifier(Settings(sink.url)).notify(NOTICE)
    assert sink.requests[0].json() == {"text": "*Load FAILED*\n```ValueError: &lt;boom&gt; &amp; co```"}


def test_a_notice_without_a_text_has_no_block() -> None:
    assert message_of(Notice("Load FAILED", "\n")) == "*Load FAILED*"


def test_a_text_stays_in_its_block() -> None:
    message = message_of(Notice("s", "before ``` after <!channel>"))
    assert message.count("```") == 2
    assert "<!channel>" not in message


def test_channel_and_name_are_said_if_they_are_set(sink: HttpSink) -> None:
    SlackNotifier(Settings(sink.url, channel="#ops", username="luigi")).notify(NOTICE)
    body = sink.requests[0].json()
    assert (body["channel"], body["username"]) == ("#ops", "luigi")


def test_of_a_long_text_beginning_and_end_are_shown() -> None:
    message = message_of(Notice("s", "first\n" + "x" * 10 * LONGEST + "\nlast"))
    assert "first" in message
    assert "last" in message
    assert len(message) < LONGEST + 100
    assert "characters are left out" in message


def test_the_check_posts_nothing(sink: HttpSink) -> None:
    assert slack.check(Settings(sink.url)) == f"127.0.0.1:{sink.port} can be reached"
    assert sink.requests == []


class Slackened(luigi.Task):
    def complete(self) -> bool:
        return False

    def run(self) -> None:
        raise OSError("no rope")


def test_a_failing_task_is_posted(sink: HttpSink, luigi_config: Callable[..., None]) -> None:
    """As soon as there is a url."""
    luigi_config("slack", url=sink.url)
    luigi.build([Slackened()], local_scheduler=True, log_level="CRITICAL")
    (request,) = sink.requests
    assert "Luigi: Slackened() FAILED. Host: " in request.json()["text"]
    assert "OSError: no rope" in request.json()["text"]


def test_without_a_url_nobody_is_told(sink: HttpSink) -> None:
    luigi.build([Slackened()], local_scheduler=True, log_level="CRITICAL")
    assert sink.requests == []
