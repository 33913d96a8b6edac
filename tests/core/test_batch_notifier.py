"""Batch mails by Luigi's names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.batch_notifier import BatchNotifier, batch_email
from luigi.configuration import LuigiTomlParser
from luigi.errors import ParameterValueError
from luigi.plugin_manager import PluginManager
from luigi.testing import FakeClock, Recorder

Configure = Callable[..., None]


@pytest.fixture
def recorder(luigi_config: Configure) -> Any:
    """Who gets the mails."""
    recorder = Recorder()
    luigi_config("email", receiver="boss@example.com", sender="luigi@example.com", method="memory", force_send=True)
    with PluginManager.with_installed([recorder]).put_to_use():
        yield recorder


def mails(recorder: Recorder) -> list[tuple[list[str], str, str]]:
    return [(list(mail.recipients), mail.subject, mail.message) for mail in recorder.mails]


def test_everybody_gets_what_is_theirs(recorder: Recorder) -> None:
    notifier = BatchNotifier(batch_mode="all", error_messages=0)
    notifier.add_failure("A(x=1)", "A", {"x": "1"}, "ValueError", ["a@example.com"])
    notifier.add_disable("A(x=1)", "A", {"x": "1"}, ["a@example.com"])
    notifier.add_scheduling_fail("B()", "B", {}, "KeyError", ["boss@example.com"])
    notifier.send_email()
    assert mails(recorder) == [
        (
            ["boss@example.com"],
            "Luigi: 1 failure, 1 disable, 1 scheduling failure in the last 60 minutes",
            "- A(x=1) (1 failure, 1 disable)\n  B() (1 scheduling failure)",
        ),
        (
            ["a@example.com"],
            "Luigi: Your tasks have 1 failure, 1 disable in the last 60 minutes",
            "- A(x=1) (1 failure, 1 disable)",
        ),
    ]


def test_what_was_sent_is_not_sent_again(recorder: Recorder) -> None:
    notifier = BatchNotifier()
    notifier.send_email()
    notifier.add_failure("A()", "A", {}, "ValueError", [])
    notifier.send_email()
    notifier.send_email()
    assert len(recorder.mails) == 1


def test_html_where_mail_is_html(recorder: Recorder, luigi_config: Configure) -> None:
    luigi_config("email", format="html")
    notifier = BatchNotifier()
    notifier.add_failure("A()", "A", {}, "<b>", [])
    notifier.send_email()
    assert recorder.mails[0].format == "html"
    assert recorder.mails[0].message == "<ul>\n<li>A() (1 failure)\n<pre>&lt;b&gt;</pre></li>\n</ul>"


def test_an_update_sends_when_it_is_time(recorder: Recorder) -> None:
    clock = FakeClock()
    notifier = BatchNotifier(clock=clock, email_interval=2)
    notifier.add_failure("A()", "A", {}, "ValueError", [])
    clock.advance(119)
    notifier.update()
    assert recorder.mails == []
    clock.advance(1)
    notifier.update()
    assert [subject for _, subject, _ in mails(recorder)] == ["Luigi: 1 failure in the last 2 minutes"]
    notifier.add_failure("A()", "A", {}, "ValueError", [])
    clock.advance(119)
    notifier.update()
    assert len(recorder.mails) == 1


@pytest.mark.parametrize("section", ["batch_notifier", "batch-notifier", "batch_email"])
def test_the_options_are_where_manual_and_package_look(luigi_config: Configure, section: str) -> None:
    luigi_config(section, error_lines=7, batch_mode="family", group_by_error_messages=False, email_interval=5)
    settings = batch_email()
    assert (settings.error_lines, settings.batch_mode, settings.email_interval) == (7, "family", 5)
    assert settings.group_by_error_messages is False


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("section", ["batch_notifier", "batch-notifier"])
def test_the_interval_by_the_manuals_name(luigi_config: Configure, section: str) -> None:
    luigi_config(section, email_interval_minutes=7)
    assert batch_email().email_interval == 7
    assert batch_email(email_interval=8).email_interval == 8


def test_the_classs_own_section_wins(luigi_config: Configure) -> None:
    luigi_config("batch_notifier", error_lines=7)
    luigi_config("batch_email", error_lines=8)
    assert batch_email().error_lines == 8


def test_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "luigi.toml").write_text("[batch_notifier]\nerror_lines = 7\ngroup_by_error_messages = false\n")
    config = LuigiTomlParser()
    config.read(tmp_path / "luigi.toml")
    monkeypatch.setattr("luigi.batch_notifier.get_config", lambda: config)
    assert (batch_email().error_lines, batch_email().group_by_error_messages) == (7, False)


def test_a_bad_value_names_the_option(luigi_config: Configure) -> None:
    luigi_config("batch_notifier", batch_mode="al")
    with pytest.raises(ParameterValueError, match="batch_mode"):
        batch_email()
