"""A parameter for a path of the local file system."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Unpack

from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.problems import UnreadableValue


class PathParameter(Parameter[Path]):
    """A path; its value is a `pathlib.Path`, whether a text or a path was given. An empty text is `.`.

    `absolute` makes it absolute, from the working directory. `exists` demands that something is there.
    """

    def __init__(
        self,
        default: Path | str | _NoValueType | None = _no_value,
        *,
        absolute: bool = False,
        exists: bool = False,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        super().__init__(default=default, **kwargs)  # type: ignore[arg-type]
        self.absolute = absolute
        self.exists = exists

    def normalize(self, x: Any) -> Path:
        try:
            path = Path(x)
        except TypeError as error:
            raise UnreadableValue(x, self.describe(), f"it is a {type(x).__name__}") from error
        if self.absolute:
            path = path.absolute()
        if self.exists and not path.exists():
            raise UnreadableValue(str(path), "a path that exists")
        return path

    def describe(self) -> str:
        return "a path"
