"""The version of a program: said, or read from git's own files as git itself writes them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from luigi.code_version import VARIABLE, code_version, commit
from luigi.configuration import get_config


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(VARIABLE, raising=False)
    yield
    get_config().remove_option("core", "code_version")


def git(folder: Path, *args: str) -> str:
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *args], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A working copy with a commit and a folder."""
    folder = tmp_path / "copy"
    (folder / "jobs").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


def test_what_is_said_counts(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1.2.3")
    assert code_version(copy) == "1.2.3"
    get_config().set("core", "code_version", "2024.5")
    assert code_version(copy) == "2024.5"


def test_otherwise_the_commit_around_the_folder_counts(copy: Path) -> None:
    assert code_version(copy / "jobs") == git(copy, "rev-parse", "HEAD")


def test_without_a_folder_there_is_nothing_to_read() -> None:
    assert code_version(None) == ""


def test_a_packed_reference_is_found(copy: Path) -> None:
    head = git(copy, "rev-parse", "HEAD")
    git(copy, "pack-refs", "--all")
    assert not (copy / ".git/refs/heads/main").exists()
    assert commit(copy) == head


def test_a_checked_out_commit_is_found(copy: Path) -> None:
    git(copy, "checkout", "-q", "--detach")
    assert commit(copy) == git(copy, "rev-parse", "HEAD")


@pytest.mark.parametrize("packed", [False, True])
def test_a_worktree_has_its_own_commit(copy: Path, tmp_path: Path, packed: bool) -> None:
    git(copy, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    git(tmp_path / "other", "commit", "-q", "--allow-empty", "-m", "second")
    if packed:
        git(copy, "pack-refs", "--all")
    assert commit(tmp_path / "other") == git(tmp_path / "other", "rev-parse", "HEAD")
    assert commit(tmp_path / "other") != commit(copy)


def test_a_copy_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert commit(tmp_path) == ""


@pytest.mark.parametrize(
    "head", ["", "ref: refs/heads/none", "g" * 40, "root:x:0:0", "\0\xff", "ref: ../../../etc/passwd"]
)
def test_nothing_but_a_commit_goes_out(head: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_bytes(head.encode("latin1"))
    assert commit(tmp_path) == ""


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere")
    assert commit(tmp_path / "gone") == ""
