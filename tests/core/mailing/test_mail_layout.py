"""How an e-mail about a task that went wrong is laid out."""

from __future__ import annotations

from luigi.mailing.layout import cut, preformatted, task_error_html, task_error_text

PARTS = "It <failed>.", "Load", {"day": "<b>2026</b>", "n": "1"}, "luigi Load --day '<b>'", "Traceback: <module>"


def test_plain() -> None:
    assert task_error_text(*PARTS) == (
        "It <failed>.\n\n"
        "Name: Load\n\n"
        "Parameters:\n  day: <b>2026</b>\n  n  : 1\n\n"
        "Command line:\n  luigi Load --day '<b>'\n\n"
        "Traceback: <module>\n"
    )


def test_plain_without_parameters() -> None:
    assert "Parameters:\n\n\nCommand line" in task_error_text("It failed.", "Load", {}, "luigi Load", "")


def test_html_shows_every_text_and_takes_none_for_markup() -> None:
    page = task_error_html(*PARTS)
    assert "<h2>It &lt;failed&gt;.</h2>" in page
    assert "<tr><th>day</th><td>&lt;b&gt;2026&lt;/b&gt;</td></tr>" in page
    assert "<pre>luigi Load --day &#x27;&lt;b&gt;&#x27;</pre>" in page
    assert "<pre>Traceback: &lt;module&gt;</pre>" in page


def test_html_escapes_names() -> None:
    assert "<script>" not in task_error_html("", "<script>", {"<script>": ""}, "", "")


def test_cut() -> None:
    assert cut("12345", 5) == "12345"
    assert cut("123456", 5) == "12345...Traceback exceeds max length and has been truncated."


def test_preformatted() -> None:
    assert preformatted("a <\n  b") == "<pre>a &lt;\n  b</pre>"
