"""The first page: how many tasks are how far, and who works. It stands where Luigi's visualiser stands."""

from __future__ import annotations

from typing import Any, Final

import falcon

from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.pages.html import Html, element
from luigi.server.pages.layout import answer, page, root
from luigi.server.routes import Route

PLACE: Final = "static/visualiser/index.html"
"""Where bookmarks of Luigi's users lead."""

SHOWN: Final = 100
"""Workers and families on the page at most."""


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    overview = Overview(office)
    return [
        Route("GET", "/", Role.ANYONE, overview.lead_there, summary="To the first page"),
        Route("HEAD", "/", Role.ANYONE, overview.alive, summary="Whether the server lives, as Luigi's is asked"),
        Route("GET", f"/{PLACE}", Role.VIEWER, overview.show, summary="The first page"),
    ]


class Overview:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def lead_there(self, request: falcon.Request, response: falcon.Response) -> None:
        """A relative redirect, which is right behind any proxy."""
        response.status = falcon.HTTP_302
        response.set_header("Location", PLACE)

    def alive(self, request: falcon.Request, response: falcon.Response) -> None:
        """Luigi's health check."""
        response.status = falcon.HTTP_204

    def show(self, request: falcon.Request, response: falcon.Response) -> None:
        """The page."""
        scheduler, now = self._office.standing.scheduler, self._office.clock.now()
        told = page(
            request,
            "Overview",
            _paused(scheduler),
            _counts(scheduler),
            _families(scheduler),
            _workers(scheduler, now),
            _elsewhere(root(request)),
        )
        answer(response, told)


def _paused(scheduler: Scheduler) -> Html | None:
    words = "Paused: nothing is handed out until an operator lets it go on."
    return element("p", words, class_="notice") if scheduler.view(Question("paused")) else None


def _counts(scheduler: Scheduler) -> Html:
    counts: dict[str, int] = scheduler.view(Question("counts"))
    if not counts:
        return element("p", "No task is known yet.", class_="faint")
    cards = [
        element("li", element("strong", str(number)), element("span", status, class_=f"status {status.lower()}"))
        for status, number in sorted(counts.items())
    ]
    return element("ul", cards, class_="cards")


def _families(scheduler: Scheduler) -> Html | None:
    families: dict[str, dict[str, int]] = scheduler.view(Question("families"))
    named = [(family, counts) for family, counts in families.items() if family]
    if not named:
        return None
    statuses = sorted({status for _, counts in named for status in counts})
    rows = [
        [family, *(counts.get(status, 0) or "" for status in statuses)]
        for family, counts in sorted(named, key=lambda one: -sum(one[1].values()))
    ]
    return _table("Families", ["Family", *statuses], rows)


def _workers(scheduler: Scheduler, now: float) -> Html:
    workers: list[dict[str, Any]] = scheduler.view(Question("workers", options={"include_running": False}))
    if not workers:
        return element("p", "No worker is known.", class_="faint")
    rows = [
        [
            str(one["worker_id"]) + ("" if one["enabled"] else " (takes nothing new)"),
            len(one["running"]),
            one["pending"],
            max(0, round(now - one["active"])),
        ]
        for one in workers
    ]
    return _table("Workers", ["Worker", "Running", "Pending", "Heard of, seconds ago"], rows)


def _table(caption: str, heads: list[str], rows: list[list[Any]]) -> Html:
    """The first column says what it is about; the others are numbers."""
    shown = [
        element("tr", element("th", str(first), scope="row"), [element("td", str(x), class_="number") for x in rest])
        for first, *rest in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        caption = f"{caption}: {SHOWN} of {len(rows)}"
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", [element("th", head, scope="col") for head in heads])),
        element("tbody", shown),
    )
    return element("div", table, class_="wide")


def _elsewhere(way: str) -> Html:
    links = (("API", "api/v1/openapi.json"), ("Metrics", "metrics"), ("Ready?", "readyz"))
    return element("p", [[element("a", words, href=way + path), " "] for words, path in links], class_="faint")
