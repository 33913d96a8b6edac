"""The server's commands: `kernel serve` and `kernel tokens`."""

from __future__ import annotations

from collections.abc import Iterator

from luigi.hookspecs import Command, hookimpl


@hookimpl
def luigi_commands() -> Iterator[Command]:
    """What the server brings."""
    yield Command("serve", "run the scheduler's server", _serve, "run")
    yield Command("tokens", "make, list and remove the tokens that let callers into the server", _tokens, "set up")


def _serve(argv: list[str]) -> int:
    from luigi.server.command import main

    return main(argv)


def _tokens(argv: list[str]) -> int:
    from luigi.server.guard.tokens_command import main

    return main(argv)
