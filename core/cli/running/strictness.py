"""`kernel run --strict`: what nobody reads of the configuration ends the run before it begins."""

from __future__ import annotations

from typing import Any

from luigi import hookimpl


class Strictness:
    """The plugin. Tasks are imported by then, so that their sections are known."""

    @hookimpl
    def luigi_configure(self, config: Any) -> None:
        """Raise BadConfiguration for what nobody reads."""
        from luigi.configuration.strict import check_strictly

        check_strictly(config)
