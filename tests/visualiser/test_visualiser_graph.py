"""The place "graph": what a task needs and what needs it, drawn; all tasks folded by family.

| item of the issue | test |
|---|---|
| 3 layered drawing, both directions | `test_what_a_task_needs_and_what_needs_it` |
| 3 status by colour and shape | `test_a_status_has_a_shape_of_its_own` |
| 3 pan, zoom | `test_it_is_moved_and_enlarged` |
| 3 search | `test_search_goes_from_one_to_the_next` |
| 3 fold by family | `test_it_folds_by_family_and_unfolds`, `test_all_tasks_are_folded_by_family` |
| 3 expand a neighbourhood | `test_a_neighbourhood_is_expanded` |
| 3 export SVG | `test_the_drawing_is_saved_as_a_file_that_stands_by_itself` |
| 3 2,000 nodes in ≤ 2 s | `test_two_thousand_nodes_are_drawn`; measured by the benchmark `page_graph.py` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from luigi.interfaces import TaskSpec

SHIP = "shop.Ship__99914b932b"
EVERYTHING = "shop.Everything__99914b932b"
SVG = "{http://www.w3.org/2000/svg}"


def nodes(page: Page, words: str = "") -> Locator:
    """The links of the drawing whose label has these words."""
    labelled = f'[aria-label*="{words}"]' if words else ""
    return page.locator(f".drawing a.node{labelled}")


def scale(page: Page) -> float:
    said = page.locator(".drawing .scene").get_attribute("transform") or ""
    found = re.search(r"scale\(([\d.]+)", said)
    assert found, said
    return float(found[1])


def top(node: Locator) -> float:
    box = node.bounding_box()
    assert box is not None
    return float(box["y"])


@pytest.fixture(scope="module")
def web(start_shared_server: Callable[..., Any]) -> Any:
    return start_shared_server(name="web", config="[scheduler]\nworker_disconnect_delay = 86400\n")


@pytest.fixture
def diamond(web: Any, hand: Callable[..., Any]) -> Any:
    """Bottom ← Left, Right ← Top ← Roof."""
    hand(web).declare(
        TaskSpec("Bottom_1", "Bottom"),
        TaskSpec("Left_1", "Left", deps=["Bottom_1"]),
        TaskSpec("Right_1", "Right", deps=["Bottom_1"]),
        TaskSpec("Top_1", "Top", deps=["Left_1", "Right_1"]),
        TaskSpec("Roof_1", "Roof", deps=["Top_1"]),
    )
    return web


def test_what_a_task_needs_and_what_needs_it(visit: Callable[..., Page], diamond: Any) -> None:
    page = visit(diamond, place="graph", root="Top_1")
    expect(nodes(page)).to_have_count(4)
    expect(page.locator(".drawing .lines path").first).to_be_attached()
    heights = [top(nodes(page, name)) for name in ("Top", "Left", "Bottom")]
    assert heights in (sorted(heights), sorted(heights, reverse=True))
    page.get_by_role("button", name="Needed by").click()
    expect(nodes(page)).to_have_count(2)
    expect(nodes(page, "Roof")).to_be_visible()
    page.get_by_role("button", name="Both").click()
    expect(nodes(page)).to_have_count(5)
    assert "direction=both" in page.url


def test_a_link_for_one_task_opens_it_beside_its_graph(visit: Callable[..., Page], diamond: Any) -> None:
    page = visit(diamond, place="graph", task="Top_1")
    expect(nodes(page)).to_have_count(4)
    expect(page.locator("#panel h2")).to_have_text("Top")
    nodes(page, "Left").click()
    expect(page.locator("#panel h2")).to_have_text("Left")
    expect(nodes(page)).to_have_count(4)


def test_a_status_has_a_shape_of_its_own(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, place="graph", root=EVERYTHING)
    words = ["Running", "Batch running", "Pending", "Failed", "Disabled", "Done", "Unknown"]
    shapes = set()
    for word in words:
        node = nodes(page, f": {word}").first
        expect(node).to_be_visible()
        shapes.add(node.locator("path").nth(1).get_attribute("d"))
    assert len(shapes) == len(words)
    legend = page.get_by_role("list").filter(has_text="Batch running").last
    for word in words:
        expect(legend).to_contain_text(word)


def test_it_is_moved_and_enlarged(visit: Callable[..., Page], diamond: Any, eventually: Callable[..., None]) -> None:
    page = visit(diamond, place="graph", root="Top_1")
    expect(nodes(page)).to_have_count(4)
    whole, scene = scale(page), page.locator(".drawing .scene")
    page.locator(".drawing").focus()
    page.keyboard.press("-")
    eventually(lambda: scale(page) < whole)
    page.keyboard.press("+")
    page.keyboard.press("+")
    eventually(lambda: scale(page) > whole)
    box = page.locator(".drawing").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.wheel(0, 600)
    eventually(lambda: scale(page) < whole)
    page.keyboard.press("0")
    eventually(lambda: scale(page) == pytest.approx(whole, rel=0.01))
    before = scene.get_attribute("transform")
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 70, steps=4)
    page.mouse.up()
    expect(scene).not_to_have_attribute("transform", before or "")
    dragged = scene.get_attribute("transform")
    page.keyboard.press("ArrowRight")
    expect(scene).not_to_have_attribute("transform", dragged or "")
    expect(page.locator("#panel")).to_be_hidden()


def test_search_goes_from_one_to_the_next(visit: Callable[..., Page], diamond: Any) -> None:
    page = visit(diamond, place="graph", root="Top_1")
    expect(nodes(page)).to_have_count(4)
    page.keyboard.press("/")
    page.keyboard.type("t_1")
    expect(page.locator(".drawing .node.found")).to_have_count(2)
    here = page.locator(".drawing .node.here")
    page.keyboard.press("Enter")
    expect(here).to_have_count(1)
    first = here.get_attribute("aria-label")
    page.keyboard.press("Enter")
    expect(here).not_to_have_attribute("aria-label", first or "")


def test_it_folds_by_family_and_unfolds(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, place="graph", root=EVERYTHING)
    expect(nodes(page)).to_have_count(14)
    page.get_by_role("checkbox", name="Fold by family").check()
    expect(nodes(page)).to_have_count(10)
    sweep = nodes(page, "shop.stock.Sweep, 3 tasks")
    expect(sweep).to_have_attribute("aria-label", re.compile("1 running, 2 batch running"))
    sweep.click()
    expect(nodes(page, "shop.stock.Sweep(")).to_have_count(3)
    assert "unfold=shop.stock.Sweep" in page.url
    page.get_by_role("button", name="shop.stock.Sweep ×").click()
    expect(nodes(page)).to_have_count(10)


def test_all_tasks_are_folded_by_family(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, place="graph")
    expect(nodes(page)).to_have_count(10)
    nodes(page, "shop.Load, 3 tasks: 3 done").click()
    expect(page.locator("nav [aria-current=page]")).to_have_text("Tasks")
    expect(page.locator(".rows .row")).to_have_count(3)


def test_a_neighbourhood_is_expanded(visit: Callable[..., Page], diamond: Any) -> None:
    page = visit(diamond, place="graph", root="Top_1", depth="1")
    expect(nodes(page)).to_have_count(3)
    nodes(page, "Left").dblclick()
    expect(nodes(page, "Bottom")).to_be_visible()


def test_done_tasks_can_be_left_out(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, place="graph", root=EVERYTHING)
    expect(nodes(page, ": Done")).to_have_count(3)
    page.get_by_role("checkbox", name="Done tasks").uncheck()
    expect(nodes(page, ": Done")).to_have_count(0)
    expect(nodes(page)).to_have_count(11)


def test_colours_follow_what_happens(visit: Callable[..., Page], web: Any, hand: Callable[..., Any]) -> None:
    worker = hand(web)
    worker.declare(TaskSpec("Lone_1", "Lone", priority=100))
    page = visit(web, place="graph", root="Lone_1")
    expect(nodes(page, "Lone: Pending")).to_be_visible()
    worker.fail(*worker.take())
    expect(nodes(page, "Lone: Failed")).to_be_visible()
    expect(nodes(page, "Lone: Failed")).to_have_class(re.compile(r"\bbad\b"))


def test_the_same_as_a_list(visit: Callable[..., Page], diamond: Any) -> None:
    page = visit(diamond, place="graph", root="Top_1", view="list")
    row = page.get_by_role("row", name=re.compile("^Top"))
    expect(row).to_contain_text("Left")
    expect(row).to_contain_text("Right")
    row.get_by_role("link", name="Top").first.click()
    expect(page.locator("#panel h2")).to_have_text("Top")


def test_the_drawing_is_saved_as_a_file_that_stands_by_itself(
    visit: Callable[..., Page], shop: Any, tmp_path: Path
) -> None:
    page = visit(shop, place="graph", root=SHIP)
    expect(nodes(page)).to_have_count(3)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save SVG").click()
    assert saved.value.suggested_filename == f"luigi-graph-{SHIP}.svg"
    saved.value.save_as(tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text()
    drawing = ElementTree.fromstring(text)
    assert drawing.tag == f"{SVG}svg"
    assert {"Ship", "Bake", "Load"} <= set(re.findall(r"Ship|Bake|Load", "".join(drawing.itertext())))
    assert drawing.findall(f".//{SVG}rect[@fill]")
    assert not re.search(r"href|<style|class=|<script", text)


def test_a_graph_of_nothing_says_how_to_begin(visit: Callable[..., Page], empty_server: Any) -> None:
    page = visit(empty_server, place="graph")
    expect(page.locator("main")).to_contain_text("kernel run")
    expect(page.locator("main")).to_contain_text(empty_server.url.rstrip("/"))


def test_two_thousand_nodes_are_drawn(visit: Callable[..., Page], web: Any, hand: Callable[..., Any]) -> None:
    specs = [
        TaskSpec(
            f"Layer_{layer}_{n}",
            f"Layer{layer % 5}",
            params={"n": str(n)},
            deps=[f"Layer_{layer - 1}_{other % 100}" for other in (n, n + 1, 3 * n)] if layer else (),
        )
        for layer in range(20)
        for n in range(100)
    ]
    ends = [spec.task_id for spec in specs[-100:]]
    hand(web).declare(*specs[:-1], specs[-1]._replace(deps=[*specs[-1].deps, *ends[:-1]]))
    page = visit(web, place="graph", root="Layer_19_99", fold="no")
    expect(page.locator("main .note")).to_contain_text("2,000", timeout=30_000)
    expect(page.locator(".drawing svg .at")).to_have_count(2000, timeout=30_000)
    page.get_by_role("checkbox", name="Fold by family").check()
    expect(nodes(page)).to_have_count(5)
