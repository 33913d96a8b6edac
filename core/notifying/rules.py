"""Who is told of what: the `[notify.NAME]` sections of the configuration, and what goes without saying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from luigi.configuration.named_sections import named_sections, place_of
from luigi.errors import ConfigurationError, did_you_mean
from luigi.notices import KINDS
from luigi.plugin_settings import read, setting
from luigi.telling import SEVERITIES

EMAIL = "email"
"""The kernel's own notifier, by Luigi's rules."""

TELLABLE = tuple(kind for kind in KINDS if kind != "digest")
"""What a rule can be about: a digest is only the way in which others are told."""

BAD_NEWS = tuple(kind for kind in TELLABLE if kind != "recovered")


class Topic(NamedTuple):
    """What a notice would be about: enough to say who is to have it, before it is worded."""

    kind: str
    family: str = ""
    owners: Sequence[str] = ()
    severity: str = "error"
    failures: int = 0
    """How often the task has failed in this run, for task_failed."""


@dataclass(frozen=True)
class Rule:
    """Which notices a notifier gets, and how: the options of a `[notify.NAME]` section."""

    notifier: str = setting(help="who is told: the name of a notifier")
    families: tuple[str, ...] = setting(("*",), help="task families it is about, with * and ?")
    owners: tuple[str, ...] = setting(("*",), help="owners of tasks it is about, with * and ?")
    kinds: tuple[str, ...] = setting(BAD_NEWS, help=f"what it is about: {', '.join(TELLABLE)}")
    severity: str = setting("info", help=f"the least urgent that counts: {', '.join(SEVERITIES)}")
    first_failure_only: bool = setting(False, help="of a task that fails again in a run, tell of the first time only")
    digest_minutes: float = setting(0.0, help="tell of everything in so many minutes at once; 0: of each at once")
    enabled: bool = setting(True, help="whether the rule counts")

    def wants(self, topic: Topic) -> bool:
        """Whether the notifier is to hear of it."""
        return (
            topic.kind in self.kinds
            and SEVERITIES.index(topic.severity) >= SEVERITIES.index(self.severity)
            and _any_match(self.families, (topic.family,))
            and _any_match(self.owners, topic.owners or ("",))
            and not (topic.kind == "batch" and topic.owners and self._has_the_whole_batch)
            and not (self.first_failure_only and topic.kind == "task_failed" and topic.failures > 1)
        )

    @property
    def _has_the_whole_batch(self) -> bool:
        """What single owners are told of a batch is in the one for everybody; by mail these are different people."""
        return self.owners == ("*",) and self.notifier != EMAIL


def rules(config: Any) -> dict[str, Rule]:
    """Every rule of the configuration by its name, those left out that are not enabled.

    Raises ConfigurationError, naming section and option, for one that says what cannot be.
    """
    found = {name: _rule(section, config) for name, section in named_sections(config, "notify", "a rule").items()}
    return {name: rule for name, rule in found.items() if rule.enabled}


def _rule(section: str, config: Any) -> Rule:
    rule: Rule = read(Rule, section, config)
    for option, known in (("kinds", TELLABLE), ("severity", SEVERITIES)):
        value = getattr(rule, option)
        for one in (value,) if isinstance(value, str) else value:
            if one not in known:
                hint = did_you_mean(one, known) or f"there are: {', '.join(known)}"
                raise ConfigurationError(
                    f"{place_of(config, section, option)}[{section}] {option}: no {one}", hint=hint
                )
    if rule.digest_minutes < 0:
        sentence = f"[{section}] digest_minutes = {rule.digest_minutes:g} is negative"
        raise ConfigurationError(place_of(config, section, "digest_minutes") + sentence)
    return rule


def _any_match(patterns: Iterable[str], texts: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern) for text in texts for pattern in patterns)
