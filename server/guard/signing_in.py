"""Signing in with a token and a browser, and out again: what the page's forms do, and who a page's scripts act for."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import falcon

from luigi.server.guard import audit, refusals
from luigi.server.guard.gate import PROOF, Gate, short_form_of
from luigi.server.guard.identity import Identity
from luigi.server.office import Office
from luigi.server.pages.layout import answer
from luigi.server.pages.signing_in import signing_in
from luigi.server.problems import Problem

if TYPE_CHECKING:
    from luigi.server.guard.tokens import Token

_KEPT: Final = "/%?&=+:;,@!$'()*~[]"
"""What a link back has besides letters and digits, as it was written."""


class SigningIn:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self._path = f"/{office.settings.url_prefix.strip('/')}"
        self._form = f"luigi_form_{office.settings.port}"

    def show(self, request: falcon.Request, response: falcon.Response) -> None:
        """The form. Its own cookie, which only a page of ours can repeat in a field, shows that the form was ours."""
        if _gate(request).is_open:
            raise falcon.HTTPSeeOther("./")
        self._show(request, response, request.get_param("next", default=""))

    def sign_in(self, request: falcon.Request, response: falcon.Response) -> None:
        """Begin a session for a token's owner, and lead back to what was asked for. Otherwise the form again."""
        form = short_form_of(request)
        following = form.get("next", "")
        try:
            token = self._token(request, form)
        except Problem as problem:
            self._show(request, response, following, problem)
            return
        request.context.identity = Identity(token.name, token.role)
        audit.say(request, does="sign in")
        sessions = _gate(request).sessions
        self._set(request, response, sessions.cookie, sessions.begin(token), round(sessions.lifetime))
        self._forget(response, self._form)
        response.status = falcon.HTTP_303
        response.location = _way_to(following)

    def sign_out(self, request: falcon.Request, response: falcon.Response) -> None:
        """End the session, also for whoever else may have the cookie."""
        identity: Identity = request.context.identity
        sessions = _gate(request).sessions
        if identity.session is not None:
            sessions.end(identity.session)
        audit.say(request, does="sign out")
        self._forget(response, sessions.cookie)
        response.status = falcon.HTTP_303
        response.location = "./login"

    def who(self, request: falcon.Request, response: falcon.Response) -> None:
        """Name and role of who calls, and what a page's scripts have to send as X-CSRF-Token with every change."""
        identity: Identity = request.context.identity
        proof = _gate(request).sessions.proof(identity.session) if identity.session is not None else None
        response.media = {"name": identity.name, "role": identity.role.name.lower(), PROOF: proof}

    def _token(self, request: falcon.Request, form: Mapping[str, str]) -> Token:
        """The token whose secret is in the form. Raises Problem 401, 403 and 429."""
        shown = request.get_cookie_values(self._form) or [""]
        if not shown[0] or not hmac.compare_digest(shown[0].encode(), form.get("form", "").encode()):
            raise refusals.unproved()
        return _gate(request).recogniser.token_of(request, form.get("token", "").strip(), request.context.address)

    def _show(
        self, request: falcon.Request, response: falcon.Response, following: str, problem: Problem | None = None
    ) -> None:
        ours = secrets.token_urlsafe(18)
        self._set(request, response, self._form, ours, None)
        abroad = request.get_header("Sec-Fetch-Site") == "cross-site"
        html = signing_in(request, ours, following, _way_to(following) if abroad else "", problem)
        answer(response, html, problem.status if problem else 200)
        if problem is not None:
            response.set_headers(problem.headers)

    def _set(
        self, request: falcon.Request, response: falcon.Response, name: str, value: str, seconds: int | None
    ) -> None:
        safe = _gate(request).origins.scheme(request.env) == "https"
        # A proxy that speaks TLS and is not believed gives itself away by what the browser says of its page.
        safe = safe or (request.get_header("Origin") or "").startswith("https://")
        response.set_cookie(
            name, value, max_age=seconds, path=self._path, secure=safe, http_only=True, same_site="Strict"
        )

    def _forget(self, response: falcon.Response, name: str) -> None:
        response.unset_cookie(name, path=self._path, same_site="Strict")


def _gate(request: falcon.Request) -> Gate:
    gate: Gate = request.context.gate
    return gate


def _way_to(following: str) -> str:
    """From /login to another path of ours, whatever the text is: it begins with `./`, and is quoted."""
    path = following.replace("\\", "/").lstrip("/")
    return "./" if path.partition("?")[0] in ("login", "logout") else "./" + quote(path, safe=_KEPT)
