"""Which tasks are in a picture, and what each way to draw makes of them. Names are as bad as they can be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import luigi
from luigi.drawing import documents, dots, mermaids, pages, svgs, texts
from luigi.drawing.folding import folded
from luigi.drawing.layers import layers_of
from luigi.drawing.looking import Part, picture_of
from luigi.drawing.picture import COMPLETE, MISSING, PENDING, UNKNOWN, Picture
from luigi.errors import CircularRequirement
from luigi.mock import MockFileSystem, MockTarget
from luigi.parameter import ParameterVisibility
from luigi.task_patterns import UnmatchedPattern
from luigi.worker.checks.checking import Checking

NASTY = '"><script>alert(1)</script>&\\ \x00\x1b\n|#;]'
SVG = "{http://www.w3.org/2000/svg}"


class PictureReport(luigi.Task):
    name = luigi.Parameter(default="r")
    password = luigi.Parameter(default="MARKER", visibility=ParameterVisibility.PRIVATE)

    def requires(self) -> Iterator[luigi.Task]:
        for day in range(3):
            yield PictureLoad(day=day, name=self.name)

    def output(self) -> MockTarget:
        return MockTarget("picture-report")


class PictureLoad(luigi.Task):
    day = luigi.IntParameter()
    name = luigi.Parameter(default="r")

    def requires(self) -> list[luigi.Task]:
        before = [PictureLoad(day=self.day - 1, name=self.name)] if self.day else []
        return [*before, PictureSource()]

    def output(self) -> MockTarget:
        return MockTarget(f"picture-load-{self.day}")


class PictureSource(luigi.ExternalTask):
    def output(self) -> MockTarget:
        return MockTarget("picture-source")


class PictureBroken(luigi.Task):
    token = luigi.Parameter(default="MARKER", visibility=ParameterVisibility.PRIVATE)

    def requires(self) -> list[luigi.Task]:
        raise ValueError(f"cannot reach {self.token}")


class PictureRing(luigi.Task):
    n = luigi.IntParameter(default=0)

    def requires(self) -> luigi.Task:
        return PictureRing(n=(self.n + 1) % 3)


class PictureChain(luigi.Task):
    n = luigi.IntParameter(default=0)

    def requires(self) -> list[luigi.Task]:
        return [PictureChain(n=self.n - 1)] if self.n else []


@pytest.fixture(autouse=True)
def _nothing_there() -> None:
    MockFileSystem().clear()


def checking() -> Checking:
    return Checking(lambda task: task.complete())


def labels(picture: Picture) -> list[str]:
    return [node.label for node in picture.nodes.values()]


# --- what is in it -------------------------------------------------------------------------------------------------


def test_every_task_is_there_once_with_what_it_requires() -> None:
    picture = picture_of([PictureReport()])
    assert labels(picture) == [
        "PictureReport(name=r)",
        *(f"PictureLoad(day={day}, name=r)" for day in range(3)),
        "PictureSource()",
    ]
    assert len(picture.links) == 3 + 2 + 3
    assert not picture.counts(), "nobody asked"


def test_statuses_are_those_of_a_run() -> None:
    with MockTarget("picture-load-2").open("w") as file:
        file.write("there")
    picture = picture_of([PictureReport()], checking=checking())
    standing = {node.label: node.status for node in picture.nodes.values()}
    assert standing["PictureLoad(day=2, name=r)"] == COMPLETE
    assert standing["PictureLoad(day=1, name=r)"] == PENDING, "what is behind a complete task is shown, too"
    assert standing["PictureSource()"] == MISSING
    assert picture.counts() == {COMPLETE: 1, PENDING: 3, MISSING: 1}


def test_what_raises_is_shown_without_private_values() -> None:
    node = next(iter(picture_of([PictureBroken()]).nodes.values()))
    assert (node.status, node.problem) == (UNKNOWN, "ValueError: cannot reach ***")


@pytest.mark.parametrize(("depth", "count", "beyond"), [(0, 1, 3), (1, 4, 3), (2, 5, 0), (None, 5, 0)])
def test_depth_ends_the_picture_and_says_so(depth: int | None, count: int, beyond: int) -> None:
    picture = picture_of([PictureReport()], Part(depth=depth))
    assert len(picture.nodes) == count
    assert sum(node.beyond for node in picture.nodes.values()) == beyond


def test_depth_ends_the_walk() -> None:
    asked: list[int] = []

    class PictureEndless(luigi.Task):
        n = luigi.IntParameter(default=0)

        def requires(self) -> luigi.Task:
            asked.append(self.n)
            return PictureEndless(n=self.n + 1)

    assert len(picture_of([PictureEndless()], Part(depth=5)).nodes) == 6
    assert len(asked) <= 7


def test_up_is_what_a_task_requires_and_down_what_waits_for_it() -> None:
    day = "PictureLoad(day=1)"
    assert labels(picture_of([PictureReport()], Part(up=[day]))) == [
        "PictureLoad(day=0, name=r)",
        "PictureLoad(day=1, name=r)",
        "PictureSource()",
    ]
    down = picture_of([PictureReport()], Part(down=[day]))
    assert labels(down) == ["PictureReport(name=r)", "PictureLoad(day=1, name=r)", "PictureLoad(day=2, name=r)"]
    assert [down.nodes[root].family for root in down.roots] == ["PictureReport"]
    assert len(picture_of([PictureReport()], Part(depth=1, down=["PictureSource"])).nodes) == 4
    both = picture_of([PictureReport()], Part(up=[day], down=[day]))
    assert len(both.nodes) == 5


def test_a_pattern_that_means_nothing_is_an_error() -> None:
    with pytest.raises(UnmatchedPattern, match="PictureLaod"):
        picture_of([PictureReport()], Part(up=["PictureLaod"]))


def test_a_circle_is_refused_with_its_path() -> None:
    with pytest.raises(CircularRequirement, match=r"PictureRing\(n=0\).*PictureRing\(n=1\)"):
        picture_of([PictureRing()])


def test_folding_keeps_the_counts() -> None:
    whole = picture_of([PictureReport()], checking=checking())
    small = folded(whole)
    assert labels(small) == ["PictureReport: 1 task", "PictureLoad: 3 tasks", "PictureSource: 1 task"]
    assert (small.tasks, small.counts()) == (whole.tasks, whole.counts())
    assert sorted(small.links) == [
        ("PictureLoad", "PictureLoad", 2),
        ("PictureLoad", "PictureSource", 3),
        ("PictureReport", "PictureLoad", 3),
    ]


# --- layers --------------------------------------------------------------------------------------------------------


def test_links_lead_to_a_later_layer() -> None:
    requires = {"report": ["a", "b"], "a": ["b", "source"], "b": ["source"], "source": [], "late": [], "top": ["late"]}
    layers, points = layers_of(requires)
    level = {key: place for place, layer in enumerate(layers) for key in layer}
    assert {spot for spot in level if isinstance(spot, str)} == set(requires)
    assert [point.layer for point in points["a", "source"]] == [level["b"]], "room for a link that skips a layer"
    assert level["late"] == level["top"] - 1
    assert all(level[dep] < level[key] for key, deps in requires.items() for dep in deps)


def test_circles_of_families_are_laid_out() -> None:
    assert sorted(key for layer in layers_of({"a": ["b", "a"], "b": ["a"]}).layers for key in layer) == ["a", "b"]


def test_neighbours_do_not_cross() -> None:
    requires = {"x": ["c"], "y": ["b"], "z": ["a"], "a": [], "b": [], "c": []}
    first, second = layers_of(requires).layers
    assert [requires[str(key)][0] for key in second] == first


# --- ways to draw --------------------------------------------------------------------------------------------------

Lines = Callable[[Picture], Iterator[str]]
ALL: list[Lines] = [texts.lines, dots.lines, mermaids.lines, svgs.lines, pages.lines, documents.lines]


@pytest.mark.parametrize("lines", ALL)
@pytest.mark.parametrize("fold", [False, True])
def test_a_private_value_is_in_no_drawing(lines: Lines, fold: bool) -> None:
    for task in (PictureReport(), PictureBroken()):
        picture = picture_of([task], checking=checking())
        text = "\n".join(lines(folded(picture) if fold else picture))
        assert task.task_family in text
        assert "MARKER" not in text


def test_a_task_is_asked_once_however_often_it_is_required() -> None:
    asked: list[str] = []

    class PictureWeb(luigi.Task):
        row = luigi.IntParameter(default=0)
        place = luigi.IntParameter(default=0)

        def requires(self) -> list[luigi.Task]:
            asked.append(self.task_id)
            return [PictureWeb(row=self.row + 1, place=place) for place in range(20) if self.row < 20]

        def complete(self) -> bool:
            asked.append(f"complete {self.task_id}")
            return False

    picture = picture_of([PictureWeb()], checking=checking())
    assert len(picture.nodes) == 401
    assert len(picture.links) == 20 + 19 * 400
    assert len(asked) == len(set(asked)) == 802
    assert len(list(texts.lines(picture))) == 1 + len(picture.links)


@pytest.mark.parametrize("lines", ALL)
def test_a_long_chain_is_drawn_without_recursion_and_in_linear_size(lines: Lines) -> None:
    text = "\n".join(lines(picture_of([PictureChain(n=3000)])))
    assert "2999" in text
    assert len(text) < 3000 * 1000


def test_a_tree_tells_a_task_once() -> None:
    told = list(texts.lines(picture_of([PictureReport()], Part(down=["PictureLoad(day=1)"]), checking())))
    assert told == [
        "PictureReport(name=r)  [pending]  … and 1 more required",
        "├─ PictureLoad(day=1, name=r)  [pending]  … and 2 more required",
        "└─ PictureLoad(day=2, name=r)  [pending]  … and 1 more required",
        "   └─ PictureLoad(day=1, name=r)  [pending]  … and 2 more required",
    ]
    whole = list(texts.lines(picture_of([PictureReport()])))
    assert sum("(see above)" in line for line in whole) == 2
    assert len(whole) == 1 + 8, "a line for each requirement"


def test_a_tree_tells_the_terminal_nothing() -> None:
    told = list(texts.lines(picture_of([PictureReport(name=NASTY)])))
    assert all(line.isprintable() for line in told)
    assert len(told) == 1 + 8
    assert r"\x1b\n|" in told[0]


def test_svg_is_xml_whatever_a_task_is_called() -> None:
    root = ElementTree.fromstring("\n".join(svgs.lines(picture_of([PictureReport(name=NASTY)], checking=checking()))))
    assert len(root.findall(f"{SVG}g")) == 5
    assert len(root.findall(f"{SVG}path")) == 8
    assert not list(root.iter(f"{SVG}script"))
    assert any("<script>" in (title.text or "") for title in root.iter(f"{SVG}title")), "as a text"


class Tags(HTMLParser):
    """Which tags a page has, and which attributes lead elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[str] = []
        self.elsewhere: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append(tag)
        self.elsewhere += [name for name, value in attrs if name in ("src", "href") or name.startswith("on")]


def test_a_page_has_no_script_and_loads_nothing() -> None:
    picture = picture_of([PictureReport(name=NASTY)], checking=checking())
    text = "\n".join(pages.lines(folded(picture), picture))
    tags = Tags()
    tags.feed(text)
    assert "script" not in tags.met
    assert not tags.elsewhere
    assert "@import" not in text
    assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")
    assert tags.met.count("details") == 3 + 1 + 3, "families, and tasks that require something"


def test_dot_and_mermaid_keep_strings_closed() -> None:
    picture = picture_of([PictureReport(name=NASTY)])
    dot = list(dots.lines(picture))
    assert len(dot) == 2 + 5 + 8 + 1
    assert all(line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0 for line in dot)
    mermaid = list(mermaids.lines(picture))
    assert len(mermaid) == 1 + 5 + 8
    assert all(line.count('"') == 2 for line in mermaid[1:6])
    assert "<script>" not in "\n".join(mermaid)


def test_json_has_every_task_and_link() -> None:
    document = json.loads("".join(documents.lines(picture_of([PictureReport(name=NASTY)], checking=checking()))))
    assert document["version"] == 1
    assert document["counts"] == {PENDING: 4, MISSING: 1}
    assert document["roots"] == [document["nodes"][0]["id"]]
    assert document["nodes"][0]["parameters"] == {"name": NASTY}
    ids = {node["id"] for node in document["nodes"]}
    assert all({edge["from"], edge["requires"]} <= ids for edge in document["edges"])
    assert len(document["edges"]) == 8
