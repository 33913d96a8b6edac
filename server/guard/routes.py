"""Signing in and out: the table of routes."""

from __future__ import annotations

from luigi.server.forms import FORM
from luigi.server.guard.identity import Role
from luigi.server.guard.signing_in import SigningIn
from luigi.server.office import Office
from luigi.server.routes import Route


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    room = SigningIn(office)
    return [
        Route("GET", "/login", Role.ANYONE, room.show, summary="The page for signing in"),
        Route("POST", "/login", Role.ANYONE, room.sign_in, changes=True, media=FORM, summary="Sign in"),
        Route("POST", "/logout", Role.VIEWER, room.sign_out, changes=True, media=FORM, summary="Sign out"),
        Route("GET", "/session", Role.VIEWER, room.who, summary="Who calls"),
    ]
