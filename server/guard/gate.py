"""The gate every call goes through: who is it, may they, does it come from where it says, is it too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import falcon

from luigi.rpc.records import WrongField
from luigi.server.forms import FORM, form_of, kind_of_body
from luigi.server.guard import refusals, security_headers
from luigi.server.guard.audit import Audit
from luigi.server.guard.cross_site import CrossSite
from luigi.server.guard.hosts import Hosts
from luigi.server.guard.identity import EVERYBODY, NOBODY, Identity, Role
from luigi.server.guard.keyring import Keyring, has_authentication
from luigi.server.guard.limits import Buckets, counted_as
from luigi.server.guard.origins import Origins
from luigi.server.guard.recognising import Recogniser
from luigi.server.guard.sessions import Sessions
from luigi.server.office import Office
from luigi.server.routes import Resource, Route
from luigi.server.wire.cors import cors

PROOF: Final = "csrf_token"
"""The field of a form that has the proof; programs of pages send it in the header X-CSRF-Token."""

LONGEST_FORM: Final = 16 * 1024
"""Bytes of a form that is read here: whoever calls may be nobody yet."""

REFUSED: Final = frozenset({401, 403, 429})


class Gate:
    """Falcon middleware. `request.context` has who calls (`identity`), whence (`address`), what they use (`route`; None
    where there is no such thing), and the gate itself (`gate`)."""

    def __init__(self, office: Office) -> None:
        """Raises KernelError for tokens, proxies and authenticators that are not as they should be."""
        settings, clock = office.settings, office.clock
        self.is_open = not has_authentication(settings)
        """Whether everybody may do everything."""
        keyring = Keyring(settings, clock)
        self.sessions = Sessions(settings, keyring, clock)
        authenticators = [(name, office.plugins.make("authenticators", name)) for name in settings.authenticators]
        self.recogniser = Recogniser(keyring, self.sessions, authenticators, clock)
        self.origins = Origins(settings)
        self._hosts = Hosts(settings)
        self._cross_site = CrossSite(self.origins, settings.allowed_hosts, cors().may_change)
        rate = settings.rate_limit
        self._calls = Buckets(rate, max(10.0, 2 * rate), clock) if rate > 0 else None
        self._audit = Audit(clock)

    # --- before the call ---------------------------------------------------------------------------------------

    def process_request(self, request: falcon.Request, response: falcon.Response) -> None:
        """Before the route is known. Raises Problem 401, 403 or 429."""
        context, env = request.context, request.env
        context.gate, context.route, context.identity = self, None, NOBODY
        peer = self.origins.peer(env)
        address = context.address = self.origins.address(env)
        if not self._hosts.knows(env.get("HTTP_HOST", "")):
            raise refusals.wrong_host()
        if self._calls is not None and (wait := self._calls.take(counted_as(address))):
            raise refusals.too_often(wait)
        context.identity = EVERYBODY if self.is_open else self.recogniser.identify(request, peer, address)

    def process_resource(
        self, request: falcon.Request, response: falcon.Response, resource: object, params: dict[str, Any]
    ) -> None:
        """Before the route's handler is called. Raises Problem 401 or 403."""
        route = resource.by_method.get(request.method) if isinstance(resource, Resource) else None
        request.context.route = route
        if route is not None:
            self._authorise(request, route)
        elif request.context.identity is NOBODY:
            raise refusals.not_signed_in(request.env)

    def _authorise(self, request: falcon.Request, route: Route) -> None:
        identity: Identity = request.context.identity
        if identity.role < route.role:
            raise refusals.not_signed_in(request.env) if identity is NOBODY else refusals.not_allowed(identity.role)
        if route.changes:
            if self._cross_site.is_refused(request.env, route):
                raise refusals.another_site()
            # What anyone may do gains nothing by a cookie.
            if route.role > Role.ANYONE and identity.session and not self._is_proved(request, identity.session):
                raise refusals.unproved()

    def _is_proved(self, request: falcon.Request, session: str) -> bool:
        proof = request.env.get("HTTP_X_CSRF_TOKEN")
        if proof is None:
            proof = short_form_of(request).get(PROOF)
        return self.sessions.proves(session, proof)

    # --- after it ----------------------------------------------------------------------------------------------

    def process_response(
        self, request: falcon.Request, response: falcon.Response, resource: object, succeeded: bool
    ) -> None:
        """Before the answer goes out."""
        context = request.context
        route: Route | None = context.route
        if route is None and context.identity is NOBODY and response.status_code not in REFUSED:
            # There is no such path, which is not for everybody to know.
            refusals.answer_with(response, refusals.not_signed_in(request.env))
        security_headers.add_to(response, shown=route is None or not route.quick)
        if response.status_code in REFUSED:
            self._audit.tell_refusal(request, response)
        elif route is not None and route.changes and not route.quiet:
            self._audit.tell_change(request, response)


def short_form_of(request: falcon.Request) -> Mapping[str, str]:
    """The fields of a form; none where the body is no form, or too long for one of ours."""
    if kind_of_body(request) != FORM or not 0 < (request.content_length or 0) <= LONGEST_FORM:
        return {}
    try:
        return form_of(request)
    except WrongField:
        return {}
