"""The visualiser: the table of routes. It stands where Luigi's stands, where bookmarks lead."""

from __future__ import annotations

from typing import Final

import falcon

from luigi.server import files
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.pages.layout import answer
from luigi.server.routes import Route
from luigi.server.visualiser.page import PLACES, page

FOLDER: Final = "static/visualiser"
PLACE: Final = f"{FOLDER}/index.html"


def routes(office: Office) -> list[Route]:
    """The page, its files, and what leads there."""
    return [
        Route("GET", "/", Role.ANYONE, lead_there, summary="To the visualiser"),
        Route("HEAD", "/", Role.ANYONE, alive, summary="Whether the server lives, as Luigi's is asked"),
        Route("GET", f"/{PLACE}", Role.VIEWER, show, summary="The visualiser"),
        *files.routes("luigi.server.visualiser", f"/{FOLDER}", Role.VIEWER, "A part of the visualiser"),
    ]


def lead_there(request: falcon.Request, response: falcon.Response) -> None:
    """A relative redirect, which is right behind any proxy."""
    response.status = falcon.HTTP_302
    response.set_header("Location", PLACE)


def alive(request: falcon.Request, response: falcon.Response) -> None:
    """Luigi's health check."""
    response.status = falcon.HTTP_204


def show(request: falcon.Request, response: falcon.Response) -> None:
    """The page, which is the same for everybody in a place: who is here, and how things stand, its scripts ask."""
    place = request.get_param("place") or ""
    answer(response, page(place) if place in PLACES else page())
