"""Makes long answers shorter for callers that want it: gzip.

Pages of HTML are left as they are: they carry the proof against forged calls next to texts that others wrote, and the
length of the two packed together would betray it.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import falcon

LONG: Final = 1024
"""Bytes from which on an answer is worth the work."""

PACKED: Final = ("application/json", "application/problem+json", "text/css", "text/javascript", "text/plain")

_LEVEL = 1  # a list of tasks gets 8 % of its length; with the best level 7 %, for seven times the work
_GZIP = 16 + zlib.MAX_WBITS


class Compression:
    """Falcon middleware; to be the first, so that it is the last to touch an answer."""

    def process_response(
        self, request: falcon.Request, response: falcon.Response, resource: object, succeeded: bool
    ) -> None:
        """Pack the answer, if it is long, of a kind that is packed, and the caller takes it."""
        if response.get_header("Content-Encoding"):
            return
        body = response.render_body()
        kind = response.content_type or response.options.default_media_type
        if body is None or len(body) < LONG or not kind.startswith(PACKED):
            return
        response.append_header("Vary", "Accept-Encoding")
        if wants_gzip(request.env):
            packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
            response.text = None
            response.data = packer.compress(body) + packer.flush()
            response.set_header("Content-Encoding", "gzip")


def wants_gzip(env: dict[str, Any]) -> bool:
    """Whether the header Accept-Encoding of a call names gzip, and not with `q=0`."""
    for offer in str(env.get("HTTP_ACCEPT_ENCODING", "")).lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return weight.strip().removeprefix("q=").strip("0.") != "" if weight else True
    return False
