"""Notifiers that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import threading

import pytest

from luigi.testing import MemoryNotifier
from luigi.testing.contracts import NotifierContract

SUITE = NotifierContract


class Sound(MemoryNotifier):
    """Does as it should."""

    def __init__(self, away=False):
        super().__init__()
        self.away = away
        self.maker = threading.get_ident()

    def notify(self, notice):
        if self.away:
            raise ConnectionRefusedError("nobody is there")
        self.pass_on(notice)

    def pass_on(self, notice):
        self.notices.append(f"{notice.subject}\n{notice.text}")


class TestSound(NotifierContract):
    kind = Sound
    secrets = ("s3cret",)
    caught_by = set()

    @pytest.fixture
    def notifier(self):
        return self.kind()

    @pytest.fixture
    def broken(self):
        return self.kind(away=True)

    @pytest.fixture
    def arrived(self, notifier):
        return lambda: list(notifier.notices)


class TestSendsTwice(TestSound):
    caught_by = {
        "test_a_notice_arrives_once",
        "test_facts_of_any_shape_do_no_harm",
        "test_a_notice_needs_no_more_than_subject_and_text",
    }

    class kind(Sound):
        def pass_on(self, notice):
            super().pass_on(notice)
            super().pass_on(notice)


class TestNewestFirst(TestSound):
    caught_by = {"test_notices_arrive_in_order"}

    class kind(Sound):
        def pass_on(self, notice):
            self.notices.insert(0, f"{notice.subject}\n{notice.text}")


class TestOnlyFailures(TestSound):
    caught_by = {"test_every_kind_is_passed_on"}

    class kind(Sound):
        def pass_on(self, notice):
            if notice.severity == "error":
                super().pass_on(notice)


class TestEscapes(TestSound):
    caught_by = {"test_any_text_arrives_as_it_is"}

    class kind(Sound):
        def pass_on(self, notice):
            super().pass_on(notice._replace(text=notice.text.replace("<", "&lt;")))


class TestRefusesLong(TestSound):
    caught_by = {"test_a_long_text_arrives_if_need_be_cut"}

    class kind(Sound):
        def pass_on(self, notice):
            assert len(notice.text) < 40_000
            super().pass_on(notice)


class TestOneThreadAlone(TestSound):
    caught_by = {"test_any_thread_may_call"}

    class kind(Sound):
        def pass_on(self, notice):
            assert threading.get_ident() == self.maker
            super().pass_on(notice)


class TestSwallows(TestSound):
    caught_by = {"test_what_is_not_passed_on_is_an_error", "test_errors_and_reprs_tell_no_secret"}

    class kind(Sound):
        def notify(self, notice):
            if not self.away:
                self.pass_on(notice)


class TestTellsItsToken(TestSound):
    caught_by = {"test_errors_and_reprs_tell_no_secret"}

    class kind(Sound):
        def notify(self, notice):
            if self.away:
                raise ConnectionRefusedError("https://example.com/s3cret")
            self.pass_on(notice)
