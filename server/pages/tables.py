"""Tables of pages: what they look like, and what is in those of tasks, attempts and runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from luigi.history_reading import Family, PastAttempt, PastEvent, PastRun, PastTask
from luigi.server.pages.html import Content, Html, element
from luigi.server.pages.times import duration, moment

BEGINNING: Final = 160
"""Characters of a text in a row."""

LONGEST_DATA: Final = 1_000
"""Characters of parameters in an address."""


def table(caption: Content, heads: Sequence[str], rows: Iterable[Sequence[Content]], empty: str) -> Html:
    """A table, or the words that there is nothing. The first cell of a row says what the row is about."""
    lines = [
        element("tr", element("th", first, scope="row"), [element("td", cell) for cell in rest])
        for first, *rest in rows
    ]
    if not lines:
        return element("p", empty, class_="faint")
    head = element("tr", [element("th", name, scope="col") for name in heads])
    return element(
        "div",
        element("table", element("caption", caption), element("thead", head), element("tbody", lines)),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label=caption if isinstance(caption, str) else None,
    )


def status(word: str) -> Html | None:
    """How something stands: the word has a colour."""
    known = word.lower() if word.isidentifier() else ""
    return element("span", word, class_=f"status {known}".rstrip()) if word else None


def link(way: str, path: str, words: Content, *field: str) -> Content:
    """To `path` below the server's first page, with fields of the path; without a field that says something, words."""
    if not all(field):
        return words
    return element("a", words, href=way + "/".join([path, *map(quoted, field)]))


def quoted(field: str) -> str:
    """A text as one step of a path, whatever is in it."""
    return quote(field, safe="", errors="replace")


def same_parameters(way: str, task: PastTask) -> Content:
    """To the tasks with the parameters of this one, unless that is more than an address may say."""
    data = json.dumps(dict(task.params))
    if not task.family or len(data) > LONGEST_DATA:
        return None
    query = urlencode({"data": data})
    return element("a", "with these parameters", href=f"{way}history/by_params/{quoted(task.family)}?{query}")


def code(text: str) -> Html | None:
    """What a machine calls something."""
    return element("span", text, class_="id") if text else None


def beginning(text: str, length: int = BEGINNING) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length and len(text) <= 4 * length else f"{line[:length]}…"


def parameters(params: Mapping[str, str]) -> str:
    """Parameters on one line."""
    return beginning(", ".join(f"{name}={value}" for name, value in params.items()))


def took(began: float, ended: float | None) -> Html | None:
    """How long something took that has ended."""
    return None if ended is None else element("span", duration(ended - began), class_="short")


# --- what is in them -----------------------------------------------------------------------------------------------


def tasks(way: str, caption: str, found: Sequence[PastTask], empty: str) -> Html:
    """Tasks as the history has them. `way` leads to the server's first page."""
    rows = [
        (
            link(way, "history/by_id", one.family or one.task_id, str(one.record)),
            status(one.status),
            moment(one.at),
            one.attempt and took(one.attempt.started, one.attempt.ended),
            parameters(one.params),
            one.host,
        )
        for one in found
    ]
    return table(caption, ("Task", "Status", "Last action", "Took", "Parameters", "Host"), rows, empty)


def durations(way: str, caption: str, found: Sequence[PastTask]) -> Html:
    """How long the last attempts at tasks took, each beside the longest of them."""
    spans = [(one, _seconds(one)) for one in found]
    longest = max((span for _, span in spans if span is not None), default=0.0)
    rows = [
        (
            link(way, "history/by_id", moment(one.attempt.started if one.attempt else one.at) or "?", str(one.record)),
            status(one.status),
            duration(span),
            span is not None and element("meter", duration(span), min=0, max=longest or 1, value=span),
            parameters(one.params),
        )
        for one, span in spans
    ]
    return table(caption, ("Started", "Status", "Took", "", "Parameters"), rows, "The history has no such task.")


def _seconds(task: PastTask) -> float | None:
    attempt = task.attempt
    return None if attempt is None or attempt.ended is None else max(0.0, attempt.ended - attempt.started)


def attempts(
    way: str, caption: str, found: Sequence[PastAttempt], empty: str, *, named: bool = True, of_runs: bool = True
) -> Html:
    """Attempts; `named`: with the tasks that they are attempts at; `of_runs`: and with their runs."""
    rows = [
        (
            link(way, "history/attempts", moment(one.started), str(one.attempt)),
            *([link(way, "history/by_id", code(one.task_id), str(one.record))] * named),
            status(one.status),
            took(one.started, one.ended),
            one.host,
            *([one.run is not None and link(way, "history/runs", f"run {one.run}", str(one.run))] * of_runs),
            beginning(_raised(one)),
        )
        for one in found
    ]
    heads = ("Started", *(["Task"] * named), "Status", "Took", "Host", *(["Run"] * of_runs), "Error")
    return table(caption, heads, rows, empty)


def runs(way: str, caption: str, found: Sequence[PastRun], empty: str) -> Html:
    """Runs."""
    rows = [
        (
            link(way, "history/runs", moment(one.began), str(one.run)),
            status(one.status or ("" if one.ended else "RUNNING")),
            took(one.began, one.ended),
            one.user,
            one.host,
            beginning(one.command) or beginning(", ".join(one.roots)),
            code(one.code_version[:12]),
        )
        for one in found
    ]
    return table(caption, ("Began", "Status", "Took", "User", "Host", "Command", "Version"), rows, empty)


def families(way: str, caption: str, found: Sequence[Family], empty: str) -> Html:
    """Names of tasks."""
    rows = [
        (
            link(way, "tasklist", one.name or "(no name)", one.name),
            one.tasks,
            link(way, "history/by_name", "tasks", one.name),
            link(way, "history/by_id", "the last", str(one.last)),
        )
        for one in found
    ]
    return table(caption, ("Name", "Tasks", "All", "Last"), rows, empty)


def events(caption: str, found: Sequence[PastEvent]) -> Html:
    """What happened to a task."""
    rows = [(status(one.status), moment(one.at)) for one in found]
    return table(caption, ("Status", "Action time"), rows, "Nothing happened to it.")


def facts(pairs: Iterable[tuple[str, Content]]) -> Html:
    """What there is to say of one thing: names and values. What is empty is left out."""
    told = [(name, value) for name, value in pairs if value not in (None, "", (), [])]
    return element("dl", [[element("dt", name), element("dd", value)] for name, value in told])


def _raised(attempt: PastAttempt) -> str:
    """Of a traceback the last line, which says what was raised; of any other error the first."""
    lines = attempt.error.strip().splitlines() or [""]
    return lines[-1] if attempt.cut or lines[0].startswith(("Traceback", "Runtime error")) else lines[0]
