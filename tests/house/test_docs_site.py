"""The documentation site builds without a warning and needs no network; its tables say what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
import pytest

from luigi.hookspecs import PROJECT, Hooks

DOCS = Path(__file__).parents[2] / "docs"
FROM_ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//[^>]*""")
SIGNATURE = re.compile(r"^def (?P<name>\w+)\((?P<arguments>.*)\) -> ", re.MULTILINE)


def build(source: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build a site as `make docs` does."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", source, site]
    return subprocess.run(command, text=True, capture_output=True, timeout=240)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    site = tmp_path_factory.mktemp("site")
    return site, build(DOCS, site)


@pytest.fixture
def site(built: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    return built[0]


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(DOCS / "_ext")
    yield import_module("luigi_site")
    for name in [name for name in sys.modules if name.partition(".")[0] == "luigi_site"]:
        del sys.modules[name]


@pytest.fixture
def pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


# --- the site ------------------------------------------------------------------------------------------------------


def test_it_builds_without_a_warning(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = built[1]
    assert (done.returncode, done.stderr) == (0, "")


def test_every_page_is_in_it(site: Path) -> None:
    pages = {page.relative_to(DOCS).with_suffix(".html") for page in DOCS.rglob("*.md")}
    assert not [page for page in pages if not (site / page).exists()]


def test_it_loads_nothing_from_elsewhere(site: Path) -> None:
    assert FROM_ELSEWHERE.search('<script async src="https://example.com/a.js"></script>')
    assert FROM_ELSEWHERE.search('<link rel="stylesheet" href="//example.com/a.css">')
    pages = list(site.rglob("*.html"))
    assert pages
    assert not {str(page): found[0] for page in pages if (found := FROM_ELSEWHERE.search(page.read_text()))}


def test_no_table_is_left_out(site: Path) -> None:
    assert not [page for page in site.rglob("*.html") if "<!-- table:" in page.read_text()]


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("[a page](nowhere.md)", "nowhere"),
        ("[a folder](nowhere)", "nowhere"),
        ("[a heading](index.md#nowhere)", "nowhere"),
        ("<!-- table: nonsense -->", "nonsense"),
        ("```nonsense\nprint()\n```", "nonsense"),
    ],
)
def test_a_mistake_is_found_out(tmp_path: Path, page: str, complaint: str) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "conf.py").write_text((DOCS / "conf.py").read_text())
    (source / "_ext").symlink_to(DOCS / "_ext")
    (source / "index.md").write_text("# A page\n")
    done = build(source, tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
    (source / "index.md").write_text(f"# A page\n\n{page}\n")
    done = build(source, tmp_path / "site")
    assert done.returncode != 0
    assert complaint in done.stderr


# --- hooks ---------------------------------------------------------------------------------------------------------


def hooks() -> dict[str, list[str]]:
    """Every hook with the names of its arguments, as the plugin manager knows them."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    specs = {name: getattr(manager.hook, name).spec for name in dir(Hooks) if name.startswith("luigi_")}
    return {name: list(spec.argnames) for name, spec in specs.items()}


def page_of(hook: str) -> str:
    return (DOCS / "hooks" / f"{hook}.md").read_text(encoding="utf-8")


def test_every_hook_has_a_page_and_no_page_is_without_a_hook() -> None:
    pages = {page.stem for page in (DOCS / "hooks").glob("*.md")}
    assert pages == {*hooks(), "index"}


@pytest.mark.parametrize("hook", hooks())
def test_a_page_names_the_hook_and_its_arguments(hook: str) -> None:
    signature = SIGNATURE.search(page_of(hook))
    assert signature
    named = [argument.partition(":")[0].strip() for argument in signature["arguments"].split(",") if argument]
    assert (signature["name"], named) == (hook, hooks()[hook])


@pytest.mark.parametrize("hook", hooks())
def test_a_page_shows_the_hook_in_use(hook: str) -> None:
    blocks = re.findall(r"^```python[^\n]*\n(.*?)^```$", page_of(hook), re.MULTILINE | re.DOTALL)
    assert any(re.search(rf"@luigi\.hookimpl.*\n *def {hook}\(", block) for block in blocks)


@pytest.mark.usefixtures("extension")
def test_the_pages_are_made_of_the_code() -> None:
    pages = import_module("luigi_site.hook_pages").pages()
    stale = [page.name for page, upper in pages if not page.read_text(encoding="utf-8").startswith(upper)]
    assert not stale, "hookspecs.py has changed: cd docs/_ext && python -m luigi_site.hook_pages"


# --- the catalogue -------------------------------------------------------------------------------------------------


def test_the_catalogue_has_every_entry_point(site: Path, pyproject: dict[str, Any]) -> None:
    catalogue = (site / "plugins/index.html").read_text()
    names = [name.partition(".")[2] for name in pyproject["project"]["entry-points"]["luigi"]]
    assert names
    assert not [name for name in names if f">{name}<" not in catalogue]


def test_the_catalogue_has_every_extra(site: Path, pyproject: dict[str, Any]) -> None:
    catalogue = (site / "plugins/index.html").read_text()
    extras = set(pyproject["project"]["optional-dependencies"]) - {"all", "dev", "docs", "test"}
    assert not [extra for extra in extras if f">{extra}<" not in catalogue]


@pytest.mark.usefixtures("extension")
def test_the_catalogue_has_every_option(site: Path) -> None:
    catalogue = (site / "plugins/index.html").read_text()
    sections = import_module("luigi_site.catalogue").sections()
    assert sections
    options = {option.name for options in sections.values() for option in options}
    assert not [name for name in {f"[{section}]" for section in sections} | options if f">{name}<" not in catalogue]


@pytest.mark.usefixtures("extension")
def test_every_bundled_plugin_has_a_page_that_names_its_options(pyproject: dict[str, Any]) -> None:
    from luigi.plugin_settings import options

    entry_points = pyproject["project"]["entry-points"]["luigi"]
    offered = import_module("luigi_site.catalogue").offered()
    for kind, one in offered:
        if f"{kind}.{one.name}" in entry_points:
            text = (DOCS / "plugins" / f"{one.name}.md").read_text(encoding="utf-8")
            settings = options(one.settings, one.section or one.name) if one.settings else []
            assert not [option.name for option in settings if f"`{option.name}`" not in text], one.name
