"""Luigi's functions for sending e-mail, for programs that call them. What is sent of failures: see luigi.notifying.

Everything goes through the mailer that `[email] method` names, a plugin. Where `[email]` says so, nothing is sent.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from luigi.errors import KernelError
from luigi.mailing import layout
from luigi.mailing.rules import addresses, composed
from luigi.mailing.sections import DEFAULT_CLIENT_EMAIL, email, sendgrid, smtp
from luigi.mailing.sending import mailer
from luigi.parameter import BoolParameter
from luigi.private_values import masked
from luigi.task import Task
from luigi.telling import Mail

if TYPE_CHECKING:
    from email.mime.multipart import MIMEMultipart

__all__ = [
    "DEFAULT_CLIENT_EMAIL",
    "TestNotificationsTask",
    "email",
    "format_task_error",
    "generate_email",
    "send_email",
    "send_email_sendgrid",
    "send_email_ses",
    "send_email_smtp",
    "send_email_sns",
    "send_error_email",
    "sendgrid",
    "smtp",
    "wrap_traceback",
]

logger = logging.getLogger("luigi-interface")


class TestNotificationsTask(Task):
    """Fails, so that one can see whether the news of it arrives: `luigi TestNotificationsTask --local-scheduler`."""

    __test__ = False  # the name is Luigi's; pytest is not to take it for tests

    raise_in_complete = BoolParameter(description="fail when it is scheduled, rather than when it runs")

    def run(self) -> None:
        """Raise ValueError."""
        raise ValueError("this failure is a test of notifications")

    def complete(self) -> bool:
        """Never, or a ValueError."""
        if self.raise_in_complete:
            raise ValueError("this failure is a test of notifications")
        return False


def send_email(subject: str, message: str, sender: str, recipients: Any, image_png: str | None = None) -> None:
    """Send an e-mail to `recipients`, addresses in any nesting and with commas, by what `[email] method` names.

    `image_png` is the path of a picture to go with it. Nothing is sent when `[email] format` is none, when the output
    goes to a terminal and `[email] force_send` is not on, or when there are no recipients.

    A server that cannot be reached is an error in the log, and raises nothing. Raises MissingPicture, PluginError for
    a method there is not, MissingExtra, and what SendGrid and Amazon's library raise when they refuse it.
    """
    settings = email()
    mail = composed(subject, message, sender, recipients, image_png, settings=settings)
    if mail is not None:
        _send(settings.method, mail)


def send_error_email(subject: str, message: str, additional_recipients: Any = None) -> None:
    """Send an e-mail to `[email] receiver` and `additional_recipients`, by the rules of `send_email`."""
    settings = email()
    send_email(subject, message, settings.sender, [settings.receiver, additional_recipients])


def generate_email(sender: str, subject: str, message: str, recipients: Any, image_png: str | None) -> MIMEMultipart:
    """The e-mail as a MIME message; `message` is HTML if `[email] format` is html. Raises MissingPicture."""
    from luigi.mailing.message import mime

    return mime(_mail(sender, subject, message, recipients, image_png))


def send_email_smtp(sender: str, subject: str, message: str, recipients: Any, image_png: str | None) -> None:
    """Send by SMTP, to whatever output and without a prefix; `[email] format` says whether `message` is HTML.

    Raises as `send_email` does.
    """
    _send("smtp", _mail(sender, subject, message, recipients, image_png))


def send_email_sendgrid(sender: str, subject: str, message: str, recipients: Any, image_png: str | None) -> None:
    """Send by SendGrid, likewise."""
    _send("sendgrid", _mail(sender, subject, message, recipients, image_png))


def send_email_ses(sender: str, subject: str, message: str, recipients: Any, image_png: str | None) -> None:
    """Send by Amazon SES, likewise."""
    _send("ses", _mail(sender, subject, message, recipients, image_png))


def send_email_sns(sender: str, subject: str, message: str, topic_ARN: Any, image_png: str | None) -> None:
    """Publish to an Amazon SNS topic, likewise; sender and picture do not arrive there."""
    _send("sns", _mail(sender, subject, message, topic_ARN, image_png))


def format_task_error(headline: str, task: Task, command: str, formatted_exception: str | None = None) -> str:
    """The text of an e-mail about a task: plain or HTML as `[email] format` says, at most `traceback_max_length` of
    the exception, and of the parameters those that may be shown. Values of private ones are masked in all of it."""
    settings = email()
    lay_out = layout.task_error_html if settings.format == "html" else layout.task_error_text
    explanation = layout.cut(masked(task, formatted_exception or ""), settings.traceback_max_length)
    shown = task.to_str_params(only_public=True)
    return lay_out(masked(task, headline), task.task_family, shown, masked(task, command or ""), explanation)


def wrap_traceback(traceback: str) -> str:
    """A text as part of an e-mail's message: in <pre> and escaped if `[email] format` is html, else as it is."""
    return layout.preformatted(traceback) if email().format == "html" else traceback


def _mail(sender: str, subject: str, message: str, recipients: Any, image_png: str | None) -> Mail:
    format = "html" if email().format == "html" else "plain"
    return Mail(sender, addresses(recipients), subject, message, format, image_png)


def _send(method: str, mail: Mail) -> None:
    try:
        mailer(method).send(mail)
    except OSError as error:
        hint = f" ({error.hint})" if isinstance(error, KernelError) else ""
        sentence = "e-mail to %s by %s failed: %s: %s%s"
        logger.error(sentence, ", ".join(mail.recipients), method, mail.subject, error, hint)
    else:
        logger.info("e-mail sent to %s: %s", ", ".join(mail.recipients), mail.subject)
