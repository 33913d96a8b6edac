"""Mailers that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from luigi.testing.contracts import MailerContract
from luigi.testing.contracts.mailers import Arrived

SUITE = MailerContract


class Sound:
    """Does as it should."""

    def __init__(self, away=False):
        self.arrived = []
        self.away = away
        self.maker = threading.get_ident()

    def send(self, mail):
        if self.away:
            raise ConnectionRefusedError("nobody is there")
        images = [Path(mail.image_png).read_bytes()] if mail.image_png else []
        self.carry(mail._replace(subject=" ".join(mail.subject.split())), images)

    def carry(self, mail, images):
        self.arrived.append(Arrived(mail.sender, mail.recipients, mail.subject, mail.message, mail.format, images))


class TestSound(MailerContract):
    kind = Sound
    secrets = ("s3cret",)
    caught_by = set()

    @pytest.fixture
    def mailer(self):
        return self.kind()

    @pytest.fixture
    def broken(self):
        return self.kind(away=True)

    @pytest.fixture
    def arrived(self, mailer):
        return lambda: list(mailer.arrived)


class TestFirstRecipientOnly(TestSound):
    caught_by = {"test_it_arrives_once_with_all_it_says"}

    class kind(Sound):
        def carry(self, mail, images):
            super().carry(mail._replace(recipients=mail.recipients[:1]), images)


class TestNewestFirst(TestSound):
    caught_by = {"test_many_arrive_in_order"}

    class kind(Sound):
        def carry(self, mail, images):
            super().carry(mail, images)
            self.arrived.reverse()


class TestEatsDots(TestSound):
    caught_by = {"test_any_text_arrives_as_it_is"}

    class kind(Sound):
        def carry(self, mail, images):
            super().carry(mail._replace(message=mail.message.replace("\n..", "\n.")), images)


class TestAlwaysPlain(TestSound):
    caught_by = {"test_any_text_arrives_as_it_is"}

    class kind(Sound):
        def carry(self, mail, images):
            super().carry(mail._replace(format="plain"), images)


class TestCutsSubjects(TestSound):
    caught_by = {"test_any_subject_arrives"}

    class kind(Sound):
        def carry(self, mail, images):
            super().carry(mail._replace(subject=mail.subject[:100]), images)


class TestTakesHeadersFromSubjects(TestSound):
    caught_by = {"test_a_subject_adds_no_header"}

    class kind(Sound):
        def send(self, mail):
            if "\n" in mail.subject:
                mail = mail._replace(subject="hello", recipients=[*mail.recipients, "thief@example.com"])
            super().send(mail)


class TestLosesPictures(TestSound):
    caught_by = {"test_a_picture_arrives", "test_a_picture_that_is_missing_is_named"}

    class kind(Sound):
        def send(self, mail):
            super().send(mail._replace(image_png=None))


class TestOneThreadAlone(TestSound):
    caught_by = {"test_any_thread_may_call"}

    class kind(Sound):
        def carry(self, mail, images):
            assert threading.get_ident() == self.maker
            super().carry(mail, images)


class TestSwallows(TestSound):
    caught_by = {"test_what_is_not_sent_is_an_error", "test_errors_and_reprs_tell_no_secret"}

    class kind(Sound):
        def send(self, mail):
            if not self.away:
                super().send(mail)


class TestTellsItsPassword(TestSound):
    caught_by = {"test_errors_and_reprs_tell_no_secret"}

    class kind(Sound):
        def __repr__(self):
            return "Mailer(password='s3cret')"


class TestTakesNoPictures(TestSound):
    takes_images = False
    caught_by = {"test_what_goes_with_a_picture_arrives_without_it"}
