"""What one can do about an answer of the service, said in the error that botocore makes of it."""

from __future__ import annotations

from typing import Any

NOT_THERE = "make the bucket first: luigi makes none"
NOT_KNOWN = "see aws_access_key_id, aws_secret_access_key and profile_name in the section [s3]"
EXPIRED = "credentials that were lent have expired: aws_role_arn in the section [s3] lends new ones in time"
NOT_ALLOWED = "these credentials may not do that there, or know no bucket of that name"
ELSEWHERE = "say where the bucket is by region_name in the section [s3]"

HINTS = {
    "NoSuchBucket": NOT_THERE,
    "InvalidAccessKeyId": NOT_KNOWN,
    "SignatureDoesNotMatch": NOT_KNOWN,
    "InvalidToken": NOT_KNOWN,
    "ExpiredToken": EXPIRED,
    "AccessDenied": NOT_ALLOWED,
    "403": NOT_ALLOWED,  # where an answer may have no text
    "AuthorizationHeaderMalformed": ELSEWHERE,
    "PermanentRedirect": ELSEWHERE,
    "IllegalLocationConstraintException": ELSEWHERE,
}


def add_hints(client: Any) -> None:
    """Have the errors of a client of boto3 say what to do."""
    client.meta.events.register("after-call.s3", _add_hint)


def _add_hint(parsed: dict[str, Any], **_: Any) -> None:
    """Complete an answer, before botocore makes an error of it."""
    error = parsed.get("Error", {})
    hint = HINTS.get(error.get("Code"))
    if hint:
        error["Message"] = f"{error.get('Message') or 'refused'} (hint: {hint})"
