"""An e-mail as the text that is sent over the wire: headers, message, and a picture."""

from __future__ import annotations

import re
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.telling import Mail

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MissingPicture(KernelError):
    """The picture that is to go with an e-mail cannot be read."""

    def __init__(self, subject: str, path: str, error: OSError) -> None:
        super().__init__(f"the e-mail {subject!r} cannot be sent with the picture {path}: {error.strerror or error}")
        self.hint = "give the path of a PNG file that this process can read"


def mime(mail: Mail, clock: Clock = SYSTEM) -> MIMEMultipart:
    """The e-mail as a MIME message. Raises MissingPicture."""
    message = MIMEMultipart("related")
    message.attach(MIMEText(writable(mail.message), mail.format, "utf-8"))
    if mail.image_png:
        message.attach(MIMEImage(picture(mail), "png"))
    message["Subject"] = one_line(mail.subject)
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)  # with spaces: a line can only be broken where there is one
    message["Date"] = formatdate(clock.now())
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2].strip(" <>") or "localhost")
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday greets a program
    return message


def picture(mail: Mail) -> bytes:
    """The bytes of the picture that goes with it. Raises MissingPicture."""
    assert mail.image_png
    try:
        with open(mail.image_png, "rb") as file:
            return file.read()
    except OSError as error:
        raise MissingPicture(mail.subject, mail.image_png, error) from error


def one_line(text: str) -> str:
    """A text for a header: on one line, so that it can add no other header."""
    return _CONTROLS.sub(" ", writable(text)).strip()


def writable(text: str) -> str:
    """A text that UTF-8 can write: half characters, as file names may have them, are spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()
