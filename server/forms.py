"""The form in a call's body: the guard may look for a proof where the handler reads its arguments, so it is read once
and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import falcon

from luigi.rpc.records import WrongField

FORM: Final = "application/x-www-form-urlencoded"


def kind_of_body(request: falcon.Request) -> str:
    """Its media type without parameters: `application/json`; a form, unless something else is said."""
    return (request.content_type or FORM).partition(";")[0].strip().lower()


def form_of(request: falcon.Request) -> Mapping[str, str]:
    """The fields of a form; of one that is there more than once, the last counts, as for Luigi's server.

    To be asked of a body that is a form. Raises WrongField for bytes that are no UTF-8.
    """
    found: Mapping[str, str] | None = getattr(request.context, "form", None)
    if found is None:
        found = request.context.form = fields_in(decoded(request.bounded_stream.read()))
    return found


def fields_in(written: str) -> Mapping[str, str]:
    """The fields of what is written as a form is, such as a query."""
    said = falcon.uri.parse_query_string(written, keep_blank=True)
    return {name: value[-1] if isinstance(value, list) else value for name, value in said.items()}


def decoded(body: bytes) -> str:
    """The bytes as text. Raises WrongField, naming the first that is no UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongField("", "text in UTF-8", f"byte {error.start}") from error
