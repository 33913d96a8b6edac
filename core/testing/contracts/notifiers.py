"""What every notifier must do, as a pytest class to subclass.

class TestMyNotifier(NotifierContract):
    secrets = ("a-token",)

    @pytest.fixture
    def notifier(self, sink):
        return MyNotifier(Settings(sink.url, token="a-token"))

    @pytest.fixture
    def arrived(self, sink):
        return lambda: [json.loads(request.body)["text"] for request in sink.requests]

    @pytest.fixture
    def broken(self):
        return MyNotifier(Settings("http://127.0.0.1:9/", token="a-token"))
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence

import pytest

from luigi.telling import SEVERITIES, Notice, Notifier
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.contracts.threads import in_another_thread

KINDS = ("task_failed", "scheduling_failed", "framework_error", "disabled", "recovered", "batch", "digest")

DISABLED = Notice("Load_1_ab is disabled", "It failed 3 times.", "Load_1_ab", "disabled", "Load")

ANY_TEXT = "Grüße, 日本 \N{SNOWMAN}: <b>\"100 %\" & 'more'</b> {name} %s \\n `code` *stars* ; | end"


class NotifierContract(Contract):
    """Passing on notices: each once, in order, whole, and with an error when that cannot be done."""

    secrets: Sequence[str] = ()
    """What the tested notifiers know and must tell nobody: tokens, passwords, secret addresses."""
    can_fail = True  # False where passing on cannot fail by its nature

    @pytest.fixture
    def notifier(self) -> Notifier:
        """The notifier to test."""
        raise NotImplementedError("give a `notifier` fixture")

    @pytest.fixture
    def arrived(self) -> Callable[[], Sequence[str]]:
        """A function that gives what the receiver has got so far: of each notice all that its reader sees."""
        raise NotImplementedError("give an `arrived` fixture")

    @pytest.fixture
    def broken(self) -> Notifier:
        """A notifier whose receiver refuses, or is not there."""
        raise NotImplementedError("give a `broken` fixture")

    def test_a_notice_arrives_once(self, notifier: Notifier, arrived: Callable[[], Sequence[str]]) -> None:
        notifier.notify(DISABLED)
        (text,) = arrived()
        assert DISABLED.subject in text
        assert DISABLED.text in text

    def test_notices_arrive_in_order(self, notifier: Notifier, arrived: Callable[[], Sequence[str]]) -> None:
        subjects = [f"notice number {number}" for number in range(5)]
        for subject in subjects:
            notifier.notify(DISABLED._replace(subject=subject))
        texts = arrived()
        assert len(texts) == len(subjects)
        assert all(subject in text for subject, text in zip(subjects, texts, strict=True))

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_is_passed_on(self, notifier: Notifier, arrived: Callable[[], Sequence[str]], kind: str) -> None:
        for severity in SEVERITIES:
            notifier.notify(DISABLED._replace(kind=kind, severity=severity))
        assert [DISABLED.subject in text for text in arrived()] == [True] * len(SEVERITIES)

    def test_a_notice_needs_no_more_than_subject_and_text(
        self, notifier: Notifier, arrived: Callable[[], Sequence[str]]
    ) -> None:
        notifier.notify(Notice("only this", ""))
        (text,) = arrived()
        assert "only this" in text

    def test_any_text_arrives_as_it_is(self, notifier: Notifier, arrived: Callable[[], Sequence[str]]) -> None:
        lines = [ANY_TEXT, '  File "load.py", line 3, in run', "ValueError: <no> & ∞"]
        notifier.notify(DISABLED._replace(subject=ANY_TEXT, text="\n".join(lines)))
        (text,) = arrived()
        assert text.count(ANY_TEXT) >= 2
        assert all(line in text for line in lines)

    def test_facts_of_any_shape_do_no_harm(self, notifier: Notifier, arrived: Callable[[], Sequence[str]]) -> None:
        facts = {"failures": 3, "parameters": {"n": "1"}, "ids": ("a", "b"), "ratio": 0.5, "host": None, "ü": [[]]}
        notice = DISABLED._replace(facts=facts, owners=("a@example.com",), html="<p>It failed 3 times.</p>")
        notifier.notify(notice)
        assert len(arrived()) == 1
        assert facts["parameters"] == {"n": "1"}

    def test_a_long_text_arrives_if_need_be_cut(self, notifier: Notifier, arrived: Callable[[], Sequence[str]]) -> None:
        notifier.notify(DISABLED._replace(text="It failed. " + "é " * 200_000))
        (text,) = arrived()
        assert DISABLED.subject in text
        assert "It failed." in text

    def test_any_thread_may_call(self, notifier: Notifier, arrived: Callable[[], Sequence[str]]) -> None:
        in_another_thread(lambda: notifier.notify(DISABLED))
        notifier.notify(DISABLED)
        assert len(arrived()) == 2

    @only_where(can_fail=True)
    def test_what_is_not_passed_on_is_an_error(self, broken: Notifier) -> None:
        for _ in range(2):
            with pytest.raises(Exception):  # noqa: B017 - every service has its own
                broken.notify(DISABLED)

    @only_where(can_fail=True)
    def test_errors_and_reprs_tell_no_secret(self, notifier: Notifier, broken: Notifier) -> None:
        with pytest.raises(Exception) as caught:
            broken.notify(DISABLED)
        said = "".join(traceback.format_exception(caught.value)) + repr(notifier) + repr(broken)
        assert not [secret for secret in self.secrets if secret in said]
