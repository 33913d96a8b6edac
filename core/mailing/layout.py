"""How an e-mail about a task that went wrong is laid out, as plain text and as HTML. Pure: texts in, text out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

TRUNCATED = "...Traceback exceeds max length and has been truncated."
"""What stands in place of the end of a long explanation. Luigi's words."""


def cut(explanation: str, length: int) -> str:
    """The explanation, if it is longer the first `length` characters of it and TRUNCATED."""
    return explanation if len(explanation) <= length else explanation[:length] + TRUNCATED


def task_error_text(headline: str, family: str, params: Mapping[str, str], command: str, explanation: str) -> str:
    """Headline, task, command line and explanation, as plain text."""
    width = max(map(len, params), default=0)
    listed = "\n".join(f"  {name:<{width}}: {value}" for name, value in params.items())
    blocks = (headline, f"Name: {family}", f"Parameters:\n{listed}", f"Command line:\n  {command}", explanation)
    return "\n\n".join(blocks) + "\n"


def task_error_html(headline: str, family: str, params: Mapping[str, str], command: str, explanation: str) -> str:
    """The same as a page of HTML; whatever the texts hold is shown, and none of it is markup."""
    rows = "\n".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in params.items())
    return f"""<html>
<body>
<h2>{escape(headline)}</h2>
<table style="border-top: 1px solid black; border-bottom: 1px solid black">
<thead>
<tr><th>name</th><td>{escape(family)}</td></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
<h2>Command line</h2>
<pre>{escape(command)}</pre>
<h2>Traceback</h2>
{preformatted(explanation)}
</body>
</html>
"""


def preformatted(text: str) -> str:
    """A text as HTML that looks like it, in type of fixed width."""
    return f"<pre>{escape(text)}</pre>"
