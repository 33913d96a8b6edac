"""Who gets an e-mail, and whether it is sent at all: Luigi's rules, by what `[email]` says."""

from __future__ import annotations

import logging
import sys
from typing import Any

from luigi.mailing.sections import email
from luigi.structure import flatten
from luigi.telling import Mail

logger = logging.getLogger("luigi-interface")


def composed(
    subject: str, message: str, sender: str, recipients: Any, image_png: str | None = None, *, settings: email
) -> Mail | None:
    """The e-mail, its subject with the prefix; None when there is nobody to send it to, or it must not be sent."""
    everybody = addresses(recipients)
    if not everybody:
        return None
    reason = _why_not(settings)
    if reason:
        logger.info("no e-mail to %s: %s", ", ".join(everybody), reason)
        return None
    prefixed = f"{settings.prefix} {subject}" if settings.prefix else subject
    return Mail(sender, everybody, prefixed, message, settings.format, image_png)


def addresses(recipients: Any) -> list[str]:
    """Every address once, in order: of a text with commas, of any nesting of texts, or none of None."""
    texts = [part.strip() for text in flatten(recipients) for part in text.split(",")]
    return [text for text in dict.fromkeys(texts) if text]


def _why_not(settings: email) -> str:
    """Why no e-mail is to be sent now, or an empty text."""
    if settings.format == "none":
        return "[email] format is none"
    if not settings.force_send and sys.stdout is not None and sys.stdout.isatty():
        return "the output goes to a terminal, and [email] force_send is not on"
    return ""
