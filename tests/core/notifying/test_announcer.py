"""Who is told: by written rules, by Luigi's rule for mail, and without any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from luigi import hookimpl
from luigi.errors import ConfigurationError, PluginError
from luigi.hookspecs import Provider
from luigi.notifying.announcer import Announcer
from luigi.notifying.rules import Topic
from luigi.plugin_manager import PluginManager
from luigi.plugin_settings import MissingSettings, setting
from luigi.telling import Notice
from luigi.testing import MemoryNotifier

Configure = Callable[..., None]

FAILED = Topic("task_failed", "Load", ("owner@example.com",), failures=1)


@dataclass(frozen=True)
class ChatSettings:
    room: str = setting(help="where to")


class Town:
    """A plugin with notifiers that keep what they are told, each under its own name."""

    def __init__(self, *names: str) -> None:
        self.heard: dict[str, list[Notice]] = {name: [] for name in names}
        self.made: list[str] = []

    @hookimpl
    def luigi_notifiers(self) -> Iterator[Provider]:
        for name in self.heard:
            yield Provider(name, lambda *settings, name=name: self._make(name), settings=self._settings(name))

    def _settings(self, name: str) -> type | None:
        return ChatSettings if name == "chat" else None

    def _make(self, name: str) -> MemoryNotifier:
        self.made.append(name)
        return MemoryNotifier(self.heard[name])


def announced(
    town: object, *topics: Topic, mailed: tuple[str, ...] = ("task_failed",), word: Callable[[], Notice] | None = None
) -> None:
    plugins = PluginManager()
    plugins.register(town)
    announcer = Announcer(plugins, mailed)
    for topic in topics:
        announcer.announce(topic, word or (lambda topic=topic: Notice(f"{topic.family} {topic.kind}", "")))
    announcer.flush()


def heard(town: Town) -> dict[str, list[str]]:
    return {name: [notice.subject for notice in notices] for name, notices in town.heard.items()}


def test_a_notifier_that_no_rule_names_hears_all_bad_news(luigi_config: Configure) -> None:
    town = Town("pager")
    announced(town, FAILED, FAILED._replace(kind="recovered", severity="info"), FAILED._replace(kind="disabled"))
    assert heard(town) == {"pager": ["Load task_failed", "Load disabled"]}


def test_one_whose_settings_are_not_complete_hears_nothing(
    luigi_config: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    town = Town("chat")
    announced(town, FAILED)
    assert (town.made, caplog.text) == ([], "")
    luigi_config("chat", room="ops")
    announced(town, FAILED)
    assert heard(town) == {"chat": ["Load task_failed"]}


def test_one_whose_settings_are_wrong_is_told_of_in_the_log(
    luigi_config: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    luigi_config("chat", room="ops", colour="red")
    town = Town("chat", "pager")
    announced(town, FAILED)
    assert heard(town) == {"chat": [], "pager": ["Load task_failed"]}
    assert "notifier chat tells nobody: " in caplog.text
    assert "colour" in caplog.text


def test_the_log_hears_of_disabled_tasks_alone() -> None:
    town = Town("log")
    announced(town, FAILED, FAILED._replace(kind="disabled"))
    assert heard(town) == {"log": ["Load disabled"]}


def test_mail_goes_by_luigis_rule(luigi_config: Configure) -> None:
    luigi_config("email", receiver="boss@example.com")
    town = Town("email")
    announced(town, FAILED, FAILED._replace(kind="disabled"), mailed=("disabled",))
    assert heard(town) == {"email": ["Load disabled"]}


def test_no_mail_is_worded_that_nobody_gets(luigi_config: Configure) -> None:
    luigi_config("email", receiver="")
    town = Town("email")
    announced(town, FAILED._replace(owners=()), FAILED)
    assert heard(town) == {"email": ["Load task_failed"]}


def test_a_rule_for_mail_stands_in_place_of_luigis(luigi_config: Configure) -> None:
    luigi_config("notify.mail", notifier="email", kinds="disabled")
    town = Town("email")
    announced(town, FAILED, FAILED._replace(kind="disabled"), mailed=("task_failed", "disabled"))
    assert heard(town) == {"email": ["Load disabled"]}


def test_a_rule_says_who_hears_what(luigi_config: Configure) -> None:
    luigi_config("notify.loads", notifier="pager", families="Load*")
    luigi_config("notify.off", notifier="pager", enabled=False)
    town = Town("pager", "other")
    announced(town, FAILED, FAILED._replace(family="Sum"))
    assert heard(town) == {"pager": ["Load task_failed"], "other": ["Load task_failed", "Sum task_failed"]}


def test_two_rules_for_one_notifier_tell_it_once(luigi_config: Configure) -> None:
    luigi_config("notify.loads", notifier="pager", families="Load*")
    luigi_config("notify.mine", notifier="pager", owners="owner@*")
    town = Town("pager")
    announced(town, FAILED, FAILED._replace(family="Sum"))
    assert heard(town) == {"pager": ["Load task_failed", "Sum task_failed"]}


def test_a_digest_is_told_by_the_end(luigi_config: Configure) -> None:
    luigi_config("notify.daily", notifier="pager", digest_minutes=1440)
    town = Town("pager")
    announced(town, FAILED, FAILED._replace(family="Sum"))
    assert heard(town) == {"pager": ["Luigi: 2 notices in the last 1440 minutes"]}


def test_a_rule_may_have_both_at_once_and_a_digest(luigi_config: Configure) -> None:
    luigi_config("notify.first", notifier="pager", first_failure_only=True)
    luigi_config("notify.daily", notifier="pager", digest_minutes=10)
    town = Town("pager")
    announced(town, FAILED, FAILED._replace(failures=2))
    assert heard(town) == {"pager": ["Load task_failed", "Luigi: 2 notices in the last 10 minutes"]}


def test_notifiers_are_made_when_there_is_something_to_tell() -> None:
    town = Town("pager")
    announced(town)
    assert town.made == []


def test_a_rule_for_a_notifier_there_is_not_stops_the_start(luigi_config: Configure) -> None:
    luigi_config("notify.ops", notifier="pagr")
    with pytest.raises(PluginError, match="no plugin offers 'pagr'") as caught:
        announced(Town("pager"))
    assert caught.value.hint == "did you mean pager?"


def test_a_rule_for_one_whose_settings_are_missing_stops_the_start(luigi_config: Configure) -> None:
    luigi_config("notify.ops", notifier="chat")
    with pytest.raises(MissingSettings, match=r"\[chat\] says nothing of room"):
        announced(Town("chat"))


def test_a_bad_deadline_stops_the_start(luigi_config: Configure) -> None:
    luigi_config("core", notify_deadline="soon")
    with pytest.raises(ConfigurationError, match="notify_deadline"):
        announced(Town("pager"))


def test_what_cannot_be_worded_is_logged_and_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    def word() -> Notice:
        raise ValueError("serialize() of a program")

    town = Town("pager")
    announced(town, FAILED, word=word)
    assert heard(town) == {"pager": []}
    assert "a notice of task_failed (Load) could not be worded" in caplog.text


def test_a_plugin_that_cannot_say_what_it_offers_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        @hookimpl
        def luigi_notifiers(self) -> Iterator[Provider]:
            raise ValueError("no")

    announced(Broken(), FAILED)
    assert "nobody is told of anything: plugin Broken" in caplog.text
