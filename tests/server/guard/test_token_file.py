"""The file of tokens."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from luigi.server.guard import token_file
from luigi.server.guard.token_file import TokensUnread
from luigi.server.guard.tokens import BadToken, Token, digest_of, token


def of(name: str, role: str = "viewer") -> Token:
    return token(name, role, digest_of(name))


def names(path: Path) -> list[str]:
    return [one.name for one in token_file.read(path)]


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tokens"
    token_file.add(path, of("ann"))
    assert names(path) == ["ann"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "ann:viewer:sha256$" in path.read_text()


def test_tokens_come_and_go_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    token_file.add(path, of("ann"))
    path.write_text(f"# ours\n{path.read_text()}  {of('bob')}")  # no newline at its end
    token_file.add(path, of("carl"))
    assert names(path) == ["ann", "bob", "carl"]
    assert token_file.remove(path, "bob")
    assert not token_file.remove(path, "bob")
    assert path.read_text() == f"# ours\n{of('ann')}\n{of('carl')}\n"


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    token_file.add(path, of("ann"))
    before = path.read_bytes()
    with pytest.raises(TokensUnread, match="has a token ann already"):
        token_file.add(path, of("ann", "operator"))
    assert path.read_bytes() == before


def test_mode_and_link_are_kept_and_nothing_is_left_lying(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "tokens", tmp_path / "tokens"
    token_file.add(real, of("ann"))
    real.chmod(0o640)
    link.symlink_to(real)
    token_file.add(link, of("bob"))
    assert link.is_symlink()
    assert names(real) == ["ann", "bob"]
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert os.listdir(real.parent) == ["tokens"]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o620, 0o601])
def test_what_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "tokens"
    token_file.add(path, of("ann"))
    path.chmod(mode)
    with pytest.raises(TokensUnread) as caught:
        token_file.read(path)
    assert caught.value.hint == f"chmod 600 {path}"


def test_a_file_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(TokensUnread, match="there is no tokens file") as caught:
        token_file.read(tmp_path / "tokens")
    assert "kernel tokens add" in caught.value.hint


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "tokens").chmod(0o600)
    with pytest.raises(TokensUnread, match="it is not text"):
        token_file.read(tmp_path / "tokens")
    with pytest.raises(TokensUnread, match="cannot be read"):
        token_file.read(tmp_path)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text("# ours\nann\n")
    (tmp_path / "tokens").chmod(0o600)
    with pytest.raises(BadToken, match=r"tokens, line 2: "):
        token_file.read(tmp_path / "tokens")
