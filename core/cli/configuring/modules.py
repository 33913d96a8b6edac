"""The option `--module` of `kernel config`: modules whose tasks are to be known."""

from __future__ import annotations

from collections.abc import Iterable

from luigi.cli import own_classes
from luigi.cli.arguments import Arguments


def add_modules(own: Arguments) -> None:
    """Have `own` take modules."""
    own.add_argument(
        "--module",
        action="append",
        default=[],
        metavar="MODULE",
        help="import it, so that the sections of its tasks are known; may be repeated",
    )


def know(modules: Iterable[str]) -> None:
    """Make the kernel's own classes known, and what the modules define. Raises what importing those raises."""
    from luigi.cli.user_module import import_user_module

    own_classes.register_flagged()
    own_classes.register_all()
    for module in modules:
        import_user_module(module)
