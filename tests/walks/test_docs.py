"""The documentation is true: every code block runs and prints what the page says, every link leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINKING = [*PAGES, *sorted((ROOT / "examples").rglob("*.md"))]
RUN_PAGE = Path(__file__).with_name("run_page.py")
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]+)?\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def run_page(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a page in a process of its own."""
    command = [sys.executable, RUN_PAGE, page]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=120)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_code_runs(page: Path, tmp_path: Path) -> None:
    done = run_page(page, tmp_path)
    print(done.stdout)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", LINKING, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    targets = [target for target, _ in LINK.findall(text) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_index_links_every_page() -> None:
    """Itself, or the index of the folder it is in, which the site completes by the folder's other pages."""
    linked = {(DOCS / target).resolve() for target, _ in LINK.findall((DOCS / "index.md").read_text())}
    linked |= {page.parent for page in linked if page.name in ("index.md", "README.md")} | {DOCS / "index.md"}
    assert [name(page) for page in sorted(DOCS.rglob("*.md")) if not linked & {page, page.parent}] == []


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("```python\n1 / 0\n```", "ZeroDivisionError"),
        ("```python\n>>> 1 + 1\n3\n```", "Expected"),
        ("```console\n$ echo one\ntwo\n```", "it printed"),
        ("```console\n$ echo one; echo two\none\n```", "it printed"),
        ("```console\n$ echo one; echo two\n...\none\n```", "it printed"),
        ("```console\n$ false\n```", "exit code 1"),
        ("```console\n$ echo fails; exit 3\nfails\n$ true\n```", "no `echo $?`"),
        ("```console\n$ echo fails; exit 3\nfails\n```", "the last command failed"),
        ('```console not-run=""\n$ true\n```', "needs a reason"),
        ("```sh\ntrue\n```", "call it text"),
    ],
)
def test_a_wrong_page_is_found_out(block: str, complaint: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(block + "\n")
    done = run_page(page, tmp_path)
    assert done.returncode != 0
    assert complaint in done.stderr


def test_a_page_is_run_in_order(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```python file=one.py\nvalue = 1\n```\n"
        "```python\nfrom one import value\n```\n```python\n>>> value\n1\n```\n"
        "```console\n$ python -c 'import one; print(one.value)'\n1\n"
        "$ echo 1 2 3; exit 3\n1 ... 3\n...\n$ echo $?\n3\n```\n"
    )
    done = run_page(page, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("page.md:") == 4
