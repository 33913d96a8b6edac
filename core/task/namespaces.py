"""Namespaces: what stands before a class's name in its family."""

from __future__ import annotations

from luigi.task_register import Register


def namespace(namespace: str | None = None, scope: str = "") -> None:
    """Give the tasks defined from here on a namespace: the family becomes `namespace.Name`.

    `scope` limits it to that module and what lies below it; the narrowest scope wins. Without arguments the
    namespace ends.
    """
    Register._default_namespace_dict[scope] = namespace or ""


def auto_namespace(scope: str = "") -> None:
    """Give the tasks defined from here on, in modules below `scope`, their module's name as namespace."""
    Register._default_namespace_dict[scope] = _AUTO


class AutoNamespace(str):
    """The namespace that stands for 'the name of the module the class is defined in'."""


_AUTO = AutoNamespace("<module>")
