"""What can go wrong with Salesforce, beside that a batch fails."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from luigi.errors import KernelError

SESSION_ENDED = frozenset({"INVALID_SESSION_ID", "InvalidSessionId"})
"""What REST and bulk interface say of a session that has ended."""


class SalesforceError(KernelError):
    """Salesforce has refused something: `code` is its word for why, such as MALFORMED_QUERY."""

    def __init__(self, what: str, status: int, code: str, message: str, hint: str = "") -> None:
        said = message if code in message else " ".join(filter(None, (code, message)))
        super().__init__(f"Salesforce: {what} failed: {said or status}", hint=hint)
        self.status = status
        self.code = code


class SandboxWithoutName(KernelError):
    """A task is to work in a sandbox, and does not say in which."""

    hint = "set its sandbox_name"

    def __init__(self, family: str) -> None:
        super().__init__(f"{family}: sandbox_name must be given where use_sandbox is true")


class NotMerged(KernelError):
    """Results cannot be put together."""


def reason(answer: Any) -> tuple[str, str]:
    """Code and message of an answer that is an error, in whichever of its forms; empty for what is none of them."""
    try:
        said = answer.json()
    except ValueError:
        return _of_xml(answer.content)
    first = said[0] if isinstance(said, list) and said else said
    if not isinstance(first, dict):
        return "", ""
    code = first.get("errorCode") or first.get("exceptionCode") or first.get("error") or ""
    message = first.get("message") or first.get("exceptionMessage") or first.get("error_description") or ""
    return str(code), str(message)


def _of_xml(content: bytes) -> tuple[str, str]:
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:  # it comes from what stands before Salesforce
        return "", ""
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
    return (
        found.get("exceptionCode") or found.get("faultcode", ""),
        found.get("exceptionMessage") or found.get("faultstring", ""),
    )
