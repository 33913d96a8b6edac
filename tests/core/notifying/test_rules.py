"""`[notify.NAME]` sections: how they are read, what is wrong with one, and what each option lets through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser, LuigiTomlParser
from luigi.errors import ConfigurationError
from luigi.notifying import has_rules
from luigi.notifying.rules import BAD_NEWS, TELLABLE, Rule, Topic, rules

FAILED = Topic("task_failed", "shop.Load", ("a@example.com",), failures=1)


def cfg(tmp_path: Path, text: str) -> Any:
    (tmp_path / "luigi.cfg").write_text(text)
    config = LuigiConfigParser()
    config.read(tmp_path / "luigi.cfg")
    return config


def test_a_section_is_a_rule(tmp_path: Path) -> None:
    config = cfg(
        tmp_path, "[notify.ops]\nnotifier = chat\nfamilies = Load*, Sum?\nkinds = disabled\ndigest-minutes = 3\n"
    )
    assert rules(config) == {"ops": Rule("chat", families=("Load*", "Sum?"), kinds=("disabled",), digest_minutes=3.0)}


@pytest.mark.parametrize("parser", [LuigiTomlParser, LuigiConfigParser])
def test_a_toml_table_is_a_rule(tmp_path: Path, parser: Any) -> None:
    (tmp_path / "luigi.toml").write_text(
        '[notify.ops]\nnotifier = "chat"\nowners = ["a@*"]\nfirst_failure_only = true\n'
    )
    config = parser()
    config.read(tmp_path / "luigi.toml")
    assert has_rules(config)
    assert rules(config) == {"ops": Rule("chat", owners=("a@*",), first_failure_only=True)}


def test_a_rule_that_is_off_does_not_count(tmp_path: Path) -> None:
    assert rules(cfg(tmp_path, "[notify.ops]\nnotifier = chat\nenabled = false\n")) == {}


def test_without_sections_there_are_none(tmp_path: Path) -> None:
    config = cfg(tmp_path, "[notifying]\nnotifier = chat\n")
    assert not has_rules(config)
    assert rules(config) == {}


@pytest.mark.parametrize(
    ("lines", "named", "hint"),
    [
        ("notifir = chat", "notifir", "did you mean notifier?"),
        ("families = *", "notifier", "add to the configuration: [notify.ops] notifier"),
        ("notifier = chat\nseverity = eror", "severity: no eror", "did you mean error?"),
        ("notifier = chat\nkinds = task_faild", "kinds: no task_faild", "did you mean task_failed?"),
        ("notifier = chat\nkinds = digest", "kinds: no digest", "there are: "),
        ("notifier = chat\ndigest_minutes = soon", "digest_minutes = 'soon'", ""),
        ("notifier = chat\ndigest_minutes = -1", "digest_minutes = -1 is negative", ""),
        ("notifier = chat\nfirst_failure_only = often", "first_failure_only = 'often'", ""),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, lines: str, named: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        rules(cfg(tmp_path, f"[notify.ops]\n{lines}\n"))
    assert "[notify.ops]" in str(caught.value)
    assert named in str(caught.value)
    assert caught.value.hint.startswith(hint)


def test_a_rule_without_a_name_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "luigi.toml").write_text('[notify]\nnotifier = "chat"\n')
    config = LuigiTomlParser()
    config.read(tmp_path / "luigi.toml")
    with pytest.raises(ConfigurationError, match="no option notifier") as caught:
        rules(config)
    assert "[notify.NAME]" in caught.value.hint


@pytest.mark.parametrize(
    ("rule", "topic", "wanted"),
    [
        (Rule("n"), FAILED, True),
        (Rule("n"), FAILED._replace(owners=()), True),
        (Rule("n"), FAILED._replace(kind="recovered", severity="info"), False),
        (Rule("n", kinds=TELLABLE), FAILED._replace(kind="recovered", severity="info"), True),
        (Rule("n", kinds=TELLABLE, severity="warning"), FAILED._replace(kind="recovered", severity="info"), False),
        (Rule("n", severity="error"), FAILED, True),
        (Rule("n", families=("shop.*",)), FAILED, True),
        (Rule("n", families=("Load", "*.Loa?")), FAILED, True),
        (Rule("n", families=("load*",)), FAILED, False),
        (Rule("n", owners=("*@example.com",)), FAILED, True),
        (Rule("n", owners=("b@*",)), FAILED, False),
        (Rule("n", owners=("b@*",)), FAILED._replace(owners=()), False),
        (Rule("n", owners=("b@*",)), FAILED._replace(owners=("a@x", "b@x")), True),
        (Rule("n", kinds=("disabled",)), FAILED, False),
        (Rule("n", first_failure_only=True), FAILED, True),
        (Rule("n", first_failure_only=True), FAILED._replace(failures=2), False),
        (Rule("n", first_failure_only=True), FAILED._replace(kind="disabled", failures=2), True),
    ],
)
def test_what_a_rule_lets_through(rule: Rule, topic: Topic, wanted: bool) -> None:
    assert rule.wants(topic) is wanted


@pytest.mark.parametrize(
    ("rule", "whole", "single"),
    [
        (Rule("chat"), True, False),
        (Rule("email"), True, True),
        (Rule("chat", owners=("a@*",)), False, True),
    ],
)
def test_a_batch_for_one_owner_is_for_mail_and_who_asks_for_that_owner(rule: Rule, whole: bool, single: bool) -> None:
    assert rule.wants(Topic("batch")) is whole
    assert rule.wants(Topic("batch", owners=("a@example.com",))) is single


def test_bad_news_is_all_but_good_news() -> None:
    assert set(TELLABLE) - set(BAD_NEWS) == {"recovered"}
