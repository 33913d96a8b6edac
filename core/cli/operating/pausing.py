"""What `kernel pause` and `kernel unpause` do."""

from __future__ import annotations


def main(verb: str, about: str, argv: list[str]) -> int:
    """Give the order `verb`. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import arguments, speaking
    from luigi.cli.operating.telling import tell_json

    asked = arguments(verb, "", about, f"kernel {verb}").parse_args(argv)
    with speaking(asked) as line:
        line.order("control", verb=verb)
        paused = bool(line.look("control")["paused"])
    if asked.json:
        tell_json({"paused": paused})
    else:
        print("paused: nothing more is handed out" if paused else "tasks are handed out")
    return 0
