"""HTML is escaped by construction: whatever the texts are, a browser reads them as texts."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.server.pages.html import Html, element, is_web_address, together


class Reading(HTMLParser):
    """What a browser finds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_element_has_its_attributes_and_its_content() -> None:
    made = element("a", "all of ", element("b", "it"), 7, href="../x?a=1&b=2", class_="k", aria_label="l", hidden=True)
    assert made == '<a href="../x?a=1&amp;b=2" class="k" aria-label="l" hidden>all of <b>it</b>7</a>'


def test_what_is_not_there_is_left_out() -> None:
    assert element("p", None, False, [], "", class_=None, hidden=False) == "<p></p>"


def test_an_element_without_content_has_no_end() -> None:
    assert element("input", type="hidden", name="a") == '<input type="hidden" name="a">'


def test_what_is_added_to_html_is_a_text_again() -> None:
    assert element("p", element("b", "x") + "<i>") == "<p>&lt;b&gt;x&lt;/b&gt;&lt;i&gt;</p>"
    assert not isinstance(Html("<b>") + "x", Html)


@settings(deadline=None)
@given(text=st.text(), value=st.text())
def test_any_text_is_only_a_text(text: str, value: str) -> None:
    found = Reading(element("p", text, title=value))
    assert [tag for tag, _ in found.elements] == ["p"]
    assert set(found.elements[0][1]) == {"title"}
    assert found.text.replace("\r", "\n") == text.replace("\r", "\n")
    assert (found.elements[0][1]["title"] or "").replace("\r", "\n") == value.replace("\r", "\n")


@pytest.mark.parametrize("text", ["</p><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "&lt;b&gt;"])
def test_hostile_texts_are_inert(text: str) -> None:
    found = Reading(element("p", text, [text, (text,)]))
    assert (found.elements, found.text) == ([("p", {})], 3 * text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "http://[",
    ],
)
@pytest.mark.parametrize("name", ["href", "src", "action", "formaction"])
def test_a_link_to_anything_but_the_web_is_left_out(url: str, name: str) -> None:
    attributes: dict[str, Any] = {name: url}
    assert element("a", "go", **attributes) == "<a>go</a>"
    assert not is_web_address(url)


@pytest.mark.parametrize(
    "url", ["", "./", "../history", "?after=3", "#x", "http://a/b", "https://a:1/?x=javascript:", "//a"]
)
def test_a_link_to_the_web_stays(url: str) -> None:
    assert is_web_address(url)
    assert Reading(element("a", href=url)).elements == [("a", {"href": url})]


@pytest.mark.parametrize("name", ["script", "style", "SCRIPT", "p x", "", "1", "p>"])
def test_elements_that_cannot_be_escaped_are_not_made(name: str) -> None:
    with pytest.raises(ValueError, match="no element"):
        element(name, "x")


@pytest.mark.parametrize("name", ["onclick", "on_click", "a b", "x=", "Href", ""])
def test_attributes_that_do_something_are_not_made(name: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        element("p", **{name: "x"})


def test_a_style_of_its_own_has_no_element() -> None:
    with pytest.raises(ValueError, match="no attribute"):
        element("p", style="color: red")


def test_together_is_one_after_the_other() -> None:
    assert together(["<", element("br"), None, 1.5]) == "&lt;<br>1.5"
