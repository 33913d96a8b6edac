"""Tells people by e-mail, by Luigi's rules: `[email] receiver` and the task's owners hear of it."""

from __future__ import annotations

from html import escape

from luigi.mailing.layout import cut, preformatted
from luigi.mailing.rules import composed
from luigi.mailing.sections import email
from luigi.mailing.sending import mailer
from luigi.plugin_manager import in_use
from luigi.telling import Mailer, Notice

EXPLANATION = "explanation"
"""The fact of a notice that `[email] traceback_max_length` is about."""


class EmailNotifier:
    """Makes an e-mail of each notice, and has it sent by what `[email] method` names, or by `carrier` if given."""

    def __init__(self, settings: email | None = None, carrier: Mailer | None = None) -> None:
        self._settings = settings or email()
        self._carrier = carrier
        self._plugins = in_use.get()  # notices come in a thread that knows of no run

    def notify(self, notice: Notice) -> None:
        """Send it, unless `[email]` says that nothing is to be sent, or there is nobody to send it to.

        Raises what the mailer raises: OSError or the service's own error.
        """
        settings = self._settings
        message = html_of(notice, settings) if settings.format == "html" else text_of(notice, settings)
        recipients = receivers(notice, settings)
        mail = composed(notice.subject, message, settings.sender, recipients, settings=settings)
        if mail is not None:
            self._mailer().send(mail)

    def _mailer(self) -> Mailer:
        if self._carrier is None:
            self._carrier = mailer(self._settings.method, self._plugins)
        return self._carrier


def receivers(notice: Notice, settings: email) -> list[str]:
    """Who is to have it. A batch of failures is told to the receiver, and apart from that to owners of some of them."""
    if notice.kind == "batch" and notice.owners:
        return [*notice.owners]
    return [settings.receiver, *notice.owners]


def text_of(notice: Notice, settings: email) -> str:
    """The notice's text, a long explanation in it cut."""
    whole = _explanation(notice)
    return notice.text.replace(whole, cut(whole, settings.traceback_max_length)) if whole else notice.text


def html_of(notice: Notice, settings: email) -> str:
    """The notice as HTML, likewise cut."""
    if not notice.html:
        return preformatted(text_of(notice, settings))
    whole = _explanation(notice)
    shorter = cut(whole, settings.traceback_max_length)
    return notice.html.replace(escape(whole), escape(shorter)) if whole else notice.html


def _explanation(notice: Notice) -> str:
    return str(notice.facts.get(EXPLANATION) or "").strip()
