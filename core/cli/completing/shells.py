"""The shells that complete: the script each one reads, what it gives when Tab is pressed, and what it wants back."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luigi.cli.completing.answering import Candidate

BASH = """\
_kernel() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <("$1" completion answer bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    case "${COMPREPLY[0]-}" in *[:.=]) compopt -o nospace ;; esac
}
complete -o bashdefault -o default -F _kernel kernel
"""
ZSH = """\
#compdef kernel
_kernel() {
    local value about
    local -a whole open shown_whole shown_open
    while IFS=$'\\t' read -r value about; do
        if [[ $value == *[:.=] ]]; then
            open+=("$value") shown_open+=("$value${about:+  -- $about}")
        else
            whole+=("$value") shown_whole+=("$value${about:+  -- $about}")
        fi
    done < <("${(Q)words[1]}" completion answer zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    if (( ! $#whole && ! $#open )); then
        _files
        return
    fi
    (( ! $#open )) || compadd -l -S '' -d shown_open -a open
    (( ! $#whole )) || compadd -l -d shown_whole -a whole
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _kernel "$@"
else
    compdef _kernel kernel
fi
"""
FISH = """\
function __kernel_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found ($words[1] completion answer fish $words[2..] "$current" 2>/dev/null)
    if set -q found[1]
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c kernel -f -a '(__kernel_complete)'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def words_of(shell: str, given: Sequence[str]) -> list[str]:
    """The words behind `kernel` up to the cursor, of what the shell's script gives.

    Bash takes words apart at each colon and equals sign, and so its script gives the line.
    """
    return split(given[1])[1:] if shell == "bash" else list(given)


def lines_for(shell: str, found: Sequence[Candidate], given: Sequence[str]) -> list[str]:
    """`found` as the shell's script reads it: a line each."""
    if shell != "bash":
        return [f"{one.text}\t{' '.join(one.about.split())}" for one in found]
    typed = max((place + 1 for place, letter in enumerate(_last(given[1])) if letter in given[0]), default=0)
    return [shlex.quote(one.text[typed:]) if one.text[typed:] else "" for one in found]


def split(line: str) -> list[str]:
    """The words of a command line that is being typed: the last may be empty, or an open quotation."""
    for closing in ("", '"', "'"):
        try:
            words = shlex.split(line + closing)
        except ValueError:  # a quotation is open
            continue
        return [*words, ""] if not closing and line[-1:].isspace() else words
    return line.split()


def _last(line: str) -> str:
    return split(line)[-1]
