"""`kernel completion`: the script that has a shell complete commands, tasks and parameters."""

from __future__ import annotations

PROGRAM = "kernel completion"
ABOUT = """\
Prints a script for your shell, which then completes commands, their options, modules, tasks, their parameters and the
values of those that have only a few.

  bash   kernel completion bash > ~/.local/share/bash-completion/completions/kernel
         or in ~/.bashrc: eval "$(kernel completion bash)"
  zsh    kernel completion zsh > DIRECTORY/_kernel, a directory of $fpath
         or in ~/.zshrc, behind compinit: eval "$(kernel completion zsh)"
  fish   kernel completion fish > ~/.config/fish/completions/kernel.fish

The tasks of a module are known when it was imported once, in a process of its own, and until one of its files
changes. That is kept in $XDG_CACHE_HOME/luigi/completion.

exit codes: 0 fine, 2 the command line cannot be read
"""
ANSWER = "answer"
"""What the scripts ask with: `kernel completion answer SHELL WORD …`, for the last of the words."""


def main(argv: list[str]) -> int:
    """Print the script of a shell, or what a script asks for. The exit code. Raises UsageError."""
    from luigi.cli.completing.shells import SCRIPTS

    if argv[:1] == [ANSWER] and argv[1:2] and argv[1] in SCRIPTS:
        return _answer(argv[1], argv[2:])
    from luigi.cli.arguments import Arguments

    arguments = Arguments(PROGRAM, ABOUT)
    arguments.add_argument("shell", choices=list(SCRIPTS))
    print(SCRIPTS[arguments.parse_args(argv).shell], end="")
    return 0


def _answer(shell: str, given: list[str]) -> int:
    from luigi.cli.completing.answering import candidates
    from luigi.cli.completing.shells import lines_for, words_of

    for line in lines_for(shell, candidates(words_of(shell, given)), given):
        print(line)
    return 0
