"""What every mailer must do, as a pytest class to subclass.

    class TestMyMailer(MailerContract):
        @pytest.fixture
        def mailer(self, server):
            return MyMailer(Settings(port=server.port))

        @pytest.fixture
        def arrived(self, server):
            return lambda: [Arrived(one.sender, one.to, one.subject, one.text) for one in server.mails]

        @pytest.fixture
        def broken(self):
            return MyMailer(Settings(port=9))

The attributes say what a service cannot do by its nature.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from luigi.telling import Mail, Mailer
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.contracts.notifiers import ANY_TEXT
from luigi.testing.contracts.threads import in_another_thread

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8ffff3f0005fe02fe"
    "a1a6b0a50000000049454e44ae426082"
)
"""A PNG of one pixel."""


class Arrived(NamedTuple):
    """One e-mail as its recipients see it, decoded."""

    sender: str
    recipients: Sequence[str]
    subject: str
    text: str
    format: str = "plain"
    images: Sequence[bytes] = ()


Arrivals = Callable[[], Sequence[Arrived]]


class MailerContract(Contract):
    """Sending e-mail: each once, to all its recipients, whole, and with an error when that cannot be done."""

    sender = "luigi@example.com"
    recipients: Sequence[str] = ("one@example.com", "two@example.com")
    takes_html = True  # False where the service carries plain text alone
    whole_subjects = True  # False where the service cuts subjects or takes only some characters
    takes_images = True  # False where the service carries no attachments
    secrets: Sequence[str] = ()
    """What the tested mailers know and must tell nobody: passwords, keys."""

    @pytest.fixture
    def mailer(self) -> Mailer:
        """The mailer to test."""
        raise NotImplementedError("give a `mailer` fixture")

    @pytest.fixture
    def arrived(self) -> Arrivals:
        """A function that gives what has arrived so far, in order; one sent to many at once counts once."""
        raise NotImplementedError("give an `arrived` fixture")

    @pytest.fixture
    def broken(self) -> Mailer:
        """A mailer whose server refuses, or is not there."""
        raise NotImplementedError("give a `broken` fixture")

    def mail(self, subject: str = "a subject", message: str = "a message", format: str = "plain") -> Mail:
        """One to send."""
        return Mail(self.sender, self.recipients, subject, message, format)

    def test_it_arrives_once_with_all_it_says(self, mailer: Mailer, arrived: Arrivals) -> None:
        mailer.send(self.mail())
        (mail,) = arrived()
        assert (mail.sender, mail.subject) == (self.sender, "a subject")
        assert sorted(mail.recipients) == sorted(self.recipients)
        assert mail.text.strip() == "a message"

    def test_many_arrive_in_order(self, mailer: Mailer, arrived: Arrivals) -> None:
        subjects = [f"number {number}" for number in range(5)]
        for subject in subjects:
            mailer.send(self.mail(subject))
        assert [mail.subject for mail in arrived()] == subjects

    @pytest.mark.parametrize("format", ["plain", "html"])
    def test_any_text_arrives_as_it_is(self, mailer: Mailer, arrived: Arrivals, format: str) -> None:
        lines = [ANY_TEXT, "", ".", "..two dots", "From here on", "a line " + "é" * 2000, "=3D at the end ="]
        mailer.send(self.mail("a subject", "\n".join(lines), format))
        (mail,) = arrived()
        assert mail.format == (format if self.takes_html else "plain")
        assert mail.text.splitlines()[: len(lines)] == lines

    @pytest.mark.parametrize("subject", [ANY_TEXT, "Luigi: FRAMEWORK ERROR " + "in Load " * 50])
    def test_any_subject_arrives(self, mailer: Mailer, arrived: Arrivals, subject: str) -> None:
        mailer.send(self.mail(subject))
        (mail,) = arrived()
        assert mail.subject == subject.strip() or not self.whole_subjects
        assert mail.subject

    def test_a_subject_adds_no_header(self, mailer: Mailer, arrived: Arrivals) -> None:
        try:
            mailer.send(self.mail("hello\r\nBcc: thief@example.com\r\n\r\nanother message"))
        except Exception:
            assert arrived() == []
            return
        (mail,) = arrived()
        assert len(mail.subject.splitlines()) == 1
        assert sorted(mail.recipients) == sorted(self.recipients)
        assert mail.text.strip() == "a message"

    @only_where(takes_images=True)
    def test_a_picture_arrives(self, mailer: Mailer, arrived: Arrivals, tmp_path: Path) -> None:
        picture = tmp_path / "picture.png"
        picture.write_bytes(PICTURE)
        mailer.send(self.mail()._replace(image_png=str(picture)))
        (mail,) = arrived()
        assert list(mail.images) == [PICTURE]
        assert mail.text.strip() == "a message"

    @only_where(takes_images=True)
    def test_a_picture_that_is_missing_is_named(self, mailer: Mailer, arrived: Arrivals, tmp_path: Path) -> None:
        with pytest.raises(Exception, match="missing.png"):
            mailer.send(self.mail()._replace(image_png=str(tmp_path / "missing.png")))
        assert arrived() == []

    @only_where(takes_images=False)
    def test_what_goes_with_a_picture_arrives_without_it(
        self, mailer: Mailer, arrived: Arrivals, tmp_path: Path
    ) -> None:
        picture = tmp_path / "picture.png"
        picture.write_bytes(PICTURE)
        mailer.send(self.mail()._replace(image_png=str(picture)))
        (mail,) = arrived()
        assert list(mail.images) == []
        assert mail.text.strip() == "a message"

    def test_any_thread_may_call(self, mailer: Mailer, arrived: Arrivals) -> None:
        in_another_thread(lambda: mailer.send(self.mail("one")))
        mailer.send(self.mail("two"))
        assert [mail.subject for mail in arrived()] == ["one", "two"]

    def test_what_is_not_sent_is_an_error(self, broken: Mailer) -> None:
        for _ in range(2):
            with pytest.raises(Exception):  # noqa: B017 - every service has its own
                broken.send(self.mail())

    def test_errors_and_reprs_tell_no_secret(self, mailer: Mailer, broken: Mailer) -> None:
        with pytest.raises(Exception) as caught:
            broken.send(self.mail())
        said = "".join(traceback.format_exception(caught.value)) + repr(mailer) + repr(broken)
        assert not [secret for secret in self.secrets if secret in said]
