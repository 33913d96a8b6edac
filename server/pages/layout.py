"""The look of every page: one quiet, dense style, with no script; and links that work behind any path prefix.

Links are relative to the page they stand on, because a proxy may put anything before our paths: `root(request)` leads
from the page that was asked for to the server's first page.
"""

from __future__ import annotations

from typing import Final

import falcon

from luigi.server.guard.identity import Identity
from luigi.server.pages.html import Content, Html, element, together

PLACES: Final = (("Tasks", ""), ("Runs", "history/runs"), ("History", "history"), ("Families", "tasklist"))
"""What the bar at the top leads to: words, and paths from the server's first page."""

STYLE: Final = "pages/static/page.css"
ICON: Final = "pages/static/icon.svg"


def root(request: falcon.Request) -> str:
    """The way from the page that was asked for to the server's first page: `./`, `../`, …

    A slash in a field of the path was written as %2F, so that it is not a step for a browser.
    """
    template: str = request.uri_template or request.path
    steps = template.rstrip("/").count("/") - 1
    asked: str = request.env.get("PATH_INFO", "")
    if len(asked) > 1 and asked.endswith("/"):
        steps += 1
    return "../" * steps or "./"


def page(request: falcon.Request, title: str, *content: Content, bar: Content = None, places: bool = True) -> Html:
    """A whole page. `bar`: what stands at the end of the bar, such as a form to sign out; by default who is signed in.

    `places`: whether the bar leads anywhere; not for those who have yet to sign in.
    """
    way = root(request)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="same-origin"),
        element("title", f"{title} · luigi"),
        element("link", rel="stylesheet", href=way + STYLE),
        element("link", rel="icon", type="image/svg+xml", href=way + ICON),
    )
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        _bar(way, request, _who_is_here(request) if bar is None else bar, places=places),
        element("main", element("h1", title), content, id="content"),
    )
    return Html(f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n")


def _who_is_here(request: falcon.Request) -> Content:
    from luigi.server.pages.signing_in import bar  # whose page has this layout

    return bar(request)


def who(request: falcon.Request) -> Content:
    """The name and the role of who calls, as the bar shows them."""
    identity: Identity | None = getattr(request.context, "identity", None)
    if identity is None or not identity.name:
        return None
    return element("span", identity.name, element("small", identity.role.name.lower()), class_="who")


def _bar(way: str, request: falcon.Request, end: Content, *, places: bool) -> Html:
    here = request.path.strip("/")
    links = [
        element("a", words, href=way + path, aria_current="page" if here == path else None)
        for words, path in (PLACES if places else ())
    ]
    home = element("a", "luigi", href=way, class_="home")
    return element("header", home, element("nav", links, aria_label="Places") if links else None, together(end))


def answer(response: falcon.Response, html: Html, status: int = 200) -> None:
    """Answer with the page."""
    response.status = falcon.code_to_http_status(status)
    response.content_type = falcon.MEDIA_HTML
    response.text = html
