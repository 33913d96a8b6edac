"""What every answer tells browsers: run nothing but our own files, guess no types, frame no page, keep no copy."""

from __future__ import annotations

from typing import Final

import falcon

POLICY: Final = "; ".join(
    [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
"""Nothing inline, nothing from elsewhere: a script in a task's name has nowhere to run."""

HEADERS: Final = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    # Not `no-referrer`: with that, browsers say `Origin: null` of our own forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
]


FOR_PROGRAMS: Final = [("x-content-type-options", "nosniff")]
"""All that means something on the answer to a worker's call, which no browser shows: a worker makes many."""


def add_to(response: falcon.Response, *, shown: bool = True) -> None:
    """Put them on an answer. How long it may be kept is the handler's to say; unless it has, not at all.

    `shown`: whether a browser may show it.
    """
    response.set_headers(HEADERS if shown else FOR_PROGRAMS)
    if response.get_header("cache-control") is None:
        response.set_header("cache-control", "no-store")
