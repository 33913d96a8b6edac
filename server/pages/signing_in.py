"""The page for signing in, and what the bar of every page says of who is signed in."""

from __future__ import annotations

import falcon

from luigi.server.guard.identity import Identity
from luigi.server.pages.html import Content, Html, element
from luigi.server.pages.layout import page, root, who
from luigi.server.problems import Problem


def signing_in(request: falcon.Request, ours: str, following: str, onwards: str, problem: Problem | None) -> Html:
    """The form, with what was wrong the last time.

    `ours`: what shows that the form is this server's. `onwards`: where those go who have followed another site's link
    and are signed in already, because with such a link browsers send no cookie.
    """
    content: list[Content] = []
    if problem is not None:
        content.append(
            element("p", f"{problem.detail[:1].upper()}{problem.detail[1:]}.", class_="notice bad", role="alert")
        )
    if onwards:
        content.append(element("p", element("a", "Go on, if you are signed in already", href=onwards)))
    content.append(_form(ours, following))
    return page(request, "Sign in", content, bar="", places=False)


def _form(ours: str, following: str) -> Html:
    return element(
        "form",
        element("label", "Token", for_="token"),
        element(
            "input",
            type="password",
            id="token",
            name="token",
            required=True,
            autofocus=True,
            autocomplete="current-password",
            spellcheck="false",
        ),
        element("input", type="hidden", name="next", value=following),
        element("input", type="hidden", name="form", value=ours),
        element("button", "Sign in", type="submit"),
        element(
            "p", "An operator of this server makes one with ", element("code", "kernel tokens add"), class_="faint"
        ),
        method="post",
        action="login",
        class_="stack",
    )


def bar(request: falcon.Request) -> Content:
    """Who is signed in, and a way out where there is a session to end."""
    identity: Identity = request.context.identity
    if identity.session is None:
        return who(request)
    proof = request.context.gate.sessions.proof(identity.session)
    form = element(
        "form",
        element("input", type="hidden", name="csrf_token", value=proof),
        element("button", "Sign out", type="submit"),
        method="post",
        action=f"{root(request)}logout",
        class_="line",
    )
    return [who(request), form]
