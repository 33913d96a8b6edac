"""`kernel tokens`."""

from __future__ import annotations

from pathlib import Path

import pytest
from falcon.testing import TestClient

from luigi.cli import main


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        code = main(["tokens", *argv])
    except SystemExit as ended:
        code = int(ended.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "tokens")


def test_what_it_prints_lets_its_owner_in(capsys, path: str, client_of) -> None:
    code, secret, told = run(capsys, "add", "ann", "--role", "viewer", "--file", path)
    assert code == 0
    assert "only now" in told
    client: TestClient = client_of(tokens_file=path)
    answer = client.simulate_get("/session", headers={"Authorization": f"Bearer {secret.strip()}"})
    assert (answer.json["name"], answer.json["role"]) == ("ann", "viewer")


def test_the_file_does_not_have_the_secret(capsys, path: str) -> None:
    _, secret, told = run(capsys, "add", "ann", "--role", "viewer", "--file", path)
    assert secret.strip() not in Path(path).read_text() + told


def test_tokens_are_listed_and_removed(capsys, path: str) -> None:
    for name, role in [("ann", "operator"), ("build-farm", "worker")]:
        run(capsys, "add", name, "--role", role, "--file", path)
    assert run(capsys, "list", "--file", path)[1] == "ann         operator\nbuild-farm  worker\n"
    assert run(capsys, "remove", "ann", "--file", path)[0] == 0
    assert run(capsys, "list", "--file", path)[1] == "build-farm  worker\n"


def test_the_file_is_the_configured_one(capsys, path: str, luigi_config) -> None:
    luigi_config("server", tokens_file=path)
    assert run(capsys, "add", "ann", "--role", "viewer")[0] == 0
    assert "ann" in run(capsys, "list")[1]


@pytest.mark.parametrize(
    ("argv", "code", "complaint"),
    [
        (["add", "ann", "--role", "viewer"], 1, "it is not said where the tokens are"),
        (["add", "ann", "--file", "{path}"], 2, "needs a --role"),
        (["add", "--role", "viewer", "--file", "{path}"], 2, "needs a NAME"),
        (["add", "a b", "--role", "viewer", "--file", "{path}"], 1, "the name of a token"),
        (["add", "ann", "--role", "admin", "--file", "{path}"], 2, "invalid choice"),
        (["add", "ann", "--role", "viewer", "--file", "/proc/none/tokens"], 1, "/proc/none"),
        (["ad", "ann"], 2, "invalid choice"),
        (["list", "--file", "{path}"], 1, "there is no tokens file"),
        (["remove", "ann", "--file", "{path}"], 1, "there is no tokens file"),
    ],
)
def test_mistakes_are_sentences(capsys, path: str, argv: list[str], code: int, complaint: str) -> None:
    found, printed, told = run(capsys, *[word.format(path=path) for word in argv])
    assert (found, printed) == (code, "")
    assert complaint in told
    assert "hint: " in told or "/proc" in complaint or "name of a token" in complaint
    assert not Path(path).exists()


def test_an_unknown_name_is_near_a_known_one(capsys, path: str) -> None:
    run(capsys, "add", "build-farm", "--role", "worker", "--file", path)
    code, _, told = run(capsys, "remove", "buildfarm", "--file", path)
    assert code == 1
    assert "did you mean build-farm?" in told
