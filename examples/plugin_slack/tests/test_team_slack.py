"""What the kernel expects of a notifier, and what this one adds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import team_slack as module

from luigi.errors import ConfigurationError
from luigi.plugin_manager import PluginManager
from luigi.telling import Notice
from luigi.testing.contracts import NotifierContract, PluginContract
from luigi.testing.http_sink import HttpSink


def read(text: str) -> str:
    """As Slack shows it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class TestPlugin(PluginContract):
    plugin = module


class TestTeamSlackNotifier(NotifierContract):
    secrets = ("a-token",)

    @pytest.fixture
    def notifier(self, luigi_http_sink: HttpSink) -> module.TeamSlackNotifier:
        return module.TeamSlackNotifier(module.Settings(luigi_http_sink.url + "a-token"))

    @pytest.fixture
    def arrived(self, luigi_http_sink: HttpSink) -> Callable[[], list[str]]:
        return lambda: [read(request.json()["text"]) for request in luigi_http_sink.requests]

    @pytest.fixture
    def broken(self) -> module.TeamSlackNotifier:
        return module.TeamSlackNotifier(module.Settings("http://127.0.0.1:9/a-token"))


def test_it_is_offered() -> None:
    assert "team-slack" in PluginManager.with_installed().providers("notifiers")


def test_a_refusal_is_an_error(luigi_http_sink: HttpSink) -> None:
    luigi_http_sink.status = 500
    with pytest.raises(OSError, match="500"):
        module.TeamSlackNotifier(module.Settings(luigi_http_sink.url)).notify(Notice("a subject", "a text"))


def test_the_check_posts_nothing(luigi_http_sink: HttpSink) -> None:
    assert str(luigi_http_sink.port) in module.check(module.Settings(luigi_http_sink.url))
    assert luigi_http_sink.requests == []


def test_another_url_is_refused_without_being_told() -> None:
    with pytest.raises(ConfigurationError) as caught:
        module.TeamSlackNotifier(module.Settings("a-token"))
    assert "a-token" not in str(caught.value)


def test_a_task_mentions_nobody_but_settings_may(luigi_http_sink: HttpSink) -> None:
    settings = module.Settings(luigi_http_sink.url, mention="<!here>")
    module.TeamSlackNotifier(settings).notify(Notice("<!channel> failed", "a & b"))
    (request,) = luigi_http_sink.requests
    assert request.json() == {"text": "<!here> *&lt;!channel&gt; failed*\na &amp; b"}


def test_long_texts_are_cut_before_they_are_escaped(luigi_http_sink: HttpSink) -> None:
    module.TeamSlackNotifier(module.Settings(luigi_http_sink.url)).notify(Notice("long", "<" * 10_000))
    (request,) = luigi_http_sink.requests
    assert read(request.json()["text"]) == "*long*\n" + "<" * module.LONGEST
