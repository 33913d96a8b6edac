"""Values that only their task may see are not taken in: Luigi's workers do not send them, and here all is kept."""

from __future__ import annotations

from typing import Any

from luigi.parameter.visibility import ParameterVisibility


def without_private(arguments: dict[str, Any]) -> dict[str, Any]:
    """A call's arguments without the `params` that its `param_visibilities` call private."""
    levels, params = arguments.get("param_visibilities") or {}, arguments.get("params")
    private = {name for name, level in levels.items() if level == ParameterVisibility.PRIVATE}
    if not private or not params:
        return arguments
    return {**arguments, "params": {name: value for name, value in params.items() if name not in private}}
