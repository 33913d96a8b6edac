"""How calls are refused: with as few words as help an honest caller, and none about what there is to be had."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

import falcon

from luigi.server.guard.identity import Role
from luigi.server.guard.origins import Environ
from luigi.server.problems import Problem, answer

FOR_PROGRAMS: Final = {"WWW-Authenticate": 'Basic realm="luigi", charset="UTF-8", Bearer realm="luigi"'}
FOR_BROWSERS: Final = {"WWW-Authenticate": 'Bearer realm="luigi"'}
"""A browser that is told of Basic asks by itself, and then knows the secret until it is closed."""


def not_signed_in(env: Environ) -> Problem | falcon.HTTPSeeOther:
    """Nothing says who calls: people are led to the page for signing in."""
    if _is_for_people(env):
        return falcon.HTTPSeeOther(_way_to_sign_in(env))
    hint = "with a token, as Bearer or as the password of Basic"
    return Problem(401, "say who you are", hint=hint, headers=_challenge(env))


def unknown_credentials(env: Environ) -> Problem:
    """What should say who calls, says nobody that is known."""
    return Problem(401, "these credentials are not known", headers=_challenge(env))


def too_often(wait: float) -> Problem:
    """It may be asked again after `wait` seconds."""
    return Problem(429, "too many calls of this kind from your address", retry_after=wait + 0.5)


def not_allowed(role: Role) -> Problem:
    """Whoever calls may not do this."""
    return Problem(403, "you may not do this", hint=f"your role is {role.name.lower()}")


def wrong_host() -> Problem:
    """The server is not reached by that name."""
    hint = "use the server's own address, or have its operator add the name to [server] allowed_hosts"
    return Problem(403, "the server is not reached by this name", hint=hint)


def another_site() -> Problem:
    """Another site's page made the call."""
    return Problem(403, "pages of other sites may not do this", hint="[cors] says which may use /api/<method>")


def unproved() -> Problem:
    """A call that changes something came with a cookie, which does not say that a page of ours made it."""
    return Problem(403, "the proof that this server's own page made the call is missing", hint="reload the page")


def answer_with(response: falcon.Response, refusal: Problem | falcon.HTTPSeeOther) -> None:
    """Answer so, whatever the answer was to be."""
    if isinstance(refusal, Problem):
        answer(response, refusal)
    else:
        response.status, response.text = refusal.status, None
        response.set_headers(refusal.headers or {})


def _challenge(env: Environ) -> dict[str, str]:
    return FOR_BROWSERS if "HTTP_SEC_FETCH_MODE" in env else FOR_PROGRAMS


def _is_for_people(env: Environ) -> bool:
    """Whether somebody opens a page with a browser."""
    if env.get("REQUEST_METHOD") not in ("GET", "HEAD") or env.get("PATH_INFO", "").startswith("/api/"):
        return False
    mode = env.get("HTTP_SEC_FETCH_MODE")
    return mode == "navigate" if mode else "text/html" in env.get("HTTP_ACCEPT", "")


def _way_to_sign_in(env: Environ) -> str:
    """To the page for signing in, which leads back; relative, because a proxy may put anything before our paths."""
    asked = _asked(env)
    way = "../" * asked.partition("?")[0].count("/") or "./"
    return f"{way}login" + (f"?next={quote(asked, safe='')}" if asked else "")


def _asked(env: Environ) -> str:
    """What was asked for, as it was written, from the server's first page on: `history/by_id/3?x=1`."""
    written: str = env.get("REQUEST_URI") or env.get("RAW_URI") or ""
    path, query = written.partition("?")[0], env.get("QUERY_STRING", "")
    if not path.startswith("/"):
        path = quote(env.get("PATH_INFO", ""))
    return _below(env.get("SCRIPT_NAME", ""), path) + (f"?{query}" if query else "")


def _below(prefix: str, path: str) -> str:
    """The path without the first slash, and without `[server] url_prefix`, which some proxies leave there."""
    steps = path.lstrip("/").split("/")
    own = prefix.count("/")
    is_ours = own and unquote("/".join(steps[:own])) == prefix.strip("/")
    return "/".join(steps[own:] if is_ours else steps)
