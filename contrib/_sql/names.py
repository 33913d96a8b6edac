"""Names of tables and columns in SQL: what a program writes is a name and nothing else, whatever characters it has.

Programs write `top10`, `charts.top10`, or with the database's own quotes `charts."Top 10"`. Each part is quoted anew,
so that none can end a statement and begin another; one that was not quoted means what it would mean without quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PLAIN = re.compile(r"[^\W\d][\w$]*")
"""What can stand in SQL without quotes, reserved words apart."""


@dataclass(frozen=True)
class Quoting:
    """How a database writes names."""

    mark: str
    """What stands around a name."""
    folds: bool = False
    """Whether names without quotes are in lower case, and so may be quoted once they are."""
    bare: bool = False
    """Whether plain names are left without quotes, because it is not known what they mean."""

    def table(self, name: str) -> str:
        """A table's name, with its schema if it has one, ready for a statement."""
        return ".".join(self._quoted(part) for part in self.parts(name))

    def column(self, name: str) -> str:
        """A column's name, ready for a statement. A point in it is no more than a point."""
        return self._quoted(name)

    def parts(self, name: str) -> list[str]:
        """What the points outside quotes divide, each as it was written."""
        mark = re.escape(self.mark)
        return re.findall(rf"(?:{mark}(?:[^{mark}]|{mark}{mark})*{mark}|[^.])+", name) or [name]

    def meaning(self, part: str) -> str:
        """The name as the database keeps it in its catalogue."""
        mark = self.mark
        inner = part[1:-1].replace(mark * 2, "")
        if len(part) > 2 and part[0] == part[-1] == mark and mark not in inner:
            return part[1:-1].replace(mark * 2, mark)
        return _in_lower_case(part) if self.folds and PLAIN.fullmatch(part) else part

    def _quoted(self, part: str) -> str:
        if self.bare and PLAIN.fullmatch(part):
            return part
        return self.mark + self.meaning(part).replace(self.mark, self.mark * 2) + self.mark


def _in_lower_case(name: str) -> str:
    """As PostgreSQL does it: letters that are not of ASCII stay."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def beside_values(statement: str) -> str:
    """A statement's part as it is written in one that has places for values, where `%` means something."""
    return statement.replace("%", "%%")


ANSI = Quoting('"', bare=True)
"""A database of which nothing is known."""

POSTGRES = Quoting('"', folds=True)
MYSQL = Quoting("`")
