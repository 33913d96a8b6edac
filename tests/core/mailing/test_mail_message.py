"""An e-mail as it goes over the wire."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from luigi.mailing.message import MissingPicture, mime, one_line
from luigi.telling import Mail
from luigi.testing import FakeClock

MAIL = Mail("Luigi <luigi@example.com>", ["one@example.com", "two@example.com"], "a subject", "a message")


def read(mail: Mail) -> EmailMessage:
    found = message_from_bytes(mime(mail, FakeClock(1_000_000_000.0)).as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_headers() -> None:
    headers = dict(read(MAIL).items())
    assert headers.pop("Message-ID").endswith("@example.com>")
    assert headers.pop("Content-Type").startswith("multipart/related")
    assert headers == {
        "MIME-Version": "1.0",
        "Subject": "a subject",
        "From": "Luigi <luigi@example.com>",
        "To": "one@example.com, two@example.com",
        "Date": "Sun, 09 Sep 2001 01:46:40 -0000",
        "Auto-Submitted": "auto-generated",
    }


@pytest.mark.parametrize("format", ["plain", "html"])
def test_the_message_is_what_it_is_said_to_be(format: str) -> None:
    (part,) = read(MAIL._replace(format=format, message="<b>ü</b>\n")).iter_parts()
    assert part.get_content_type() == f"text/{format}"
    assert part.get_content() == "<b>ü</b>\n"


@pytest.mark.parametrize("sender", ["luigi", "<>", ""])
def test_a_sender_without_a_domain(sender: str) -> None:
    assert "@" in read(MAIL._replace(sender=sender))["Message-ID"]


def test_half_characters_are_spelt_out() -> None:
    mail = read(MAIL._replace(subject="file \udcff", message="file \udcff"))
    (part,) = mail.iter_parts()
    assert (mail["Subject"], part.get_content()) == ("file \\udcff", "file \\udcff")


@pytest.mark.parametrize("text", ["a\r\nBcc: b", "a\nBcc: b", "a\u2028Bcc: b", "\x0b a\x85Bcc: b\x00"])
def test_a_header_is_one_line(text: str) -> None:
    assert one_line(text) == "a Bcc: b"
    assert read(MAIL._replace(subject=text))["Bcc"] is None


def test_many_recipients() -> None:
    recipients = [f"somebody.{number}@example.com" for number in range(200)]
    wire = mime(MAIL._replace(recipients=recipients)).as_bytes()
    assert max(map(len, wire.splitlines())) < 998
    mail = message_from_bytes(wire, policy=policy.default)
    assert [address.addr_spec for address in mail["To"].addresses] == recipients


def test_an_address_adds_no_header() -> None:
    with pytest.raises(Exception, match="header"):
        mime(MAIL._replace(recipients=["one@example.com\nBcc: thief@example.com"])).as_bytes()


def test_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"a picture")
    _, part = read(MAIL._replace(image_png=str(tmp_path / "a.png"))).iter_parts()
    assert part.get_content_type() == "image/png"
    assert part.get_content() == b"a picture"


def test_a_picture_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingPicture, match=r"'a subject' cannot .* picture .*a\.png: No such file") as caught:
        mime(MAIL._replace(image_png=str(tmp_path / "a.png")))
    assert not isinstance(caught.value, OSError), "a server that cannot be reached is another matter"
