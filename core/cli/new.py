"""`kernel new plugin NAME`: write the beginning of a plugin, a small package that installs, works and has tests."""

from __future__ import annotations

PROGRAM = "kernel new"
ABOUT = """\
kernel new plugin NAME writes a folder NAME with a package: one hook implementation that works, its settings, and tests.
"""


def main(argv: list[str]) -> int:
    """Write what `argv` says. The exit code. Raises UsageError, and KernelError for what cannot be written."""
    from luigi.cli.arguments import Arguments
    from luigi.cli.plugin_writing import KINDS, write_plugin

    arguments = Arguments(PROGRAM, ABOUT)
    arguments.add_argument("what", choices=("plugin",))
    arguments.add_argument("name", metavar="NAME", help="of the plugin, the package and the folder: mail-to-pager")
    arguments.add_argument("--kind", choices=KINDS, default="notifier", help="what it offers (default: notifier)")
    arguments.add_argument("--into", metavar="FOLDER", default=".", help="where to put the folder (default: here)")
    asked = arguments.parse_args(argv)
    folder = write_plugin(asked.name, asked.kind, asked.into)
    print(f"wrote {folder}; its README.md says how to install it and run its tests")
    return 0
