"""`[trigger.NAME]` sections: how they are read, and what is wrong with one, by file, section and option."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import LuigiConfigParser, LuigiTomlParser
from luigi.errors import ConfigurationError, KernelError, PluginError
from luigi.hookspecs import Provider
from luigi.plugin_manager import PluginManager
from luigi.plugin_settings import setting
from luigi.timetable import Every
from luigi.triggers.sections import triggers
from luigi.triggers.trigger import Trigger

NIGHTLY = "type = cron\ncron = 0 6 * * *\ntask = flights:Report\n"
DUE = datetime(2026, 3, 1, 5, tzinfo=UTC)


def read(tmp_path: Path, text: str, plugins: tuple[object, ...] = ()) -> dict[str, Trigger]:
    (tmp_path / "luigi.cfg").write_text(text)
    config = LuigiConfigParser()
    config.read(tmp_path / "luigi.cfg")
    return triggers(config, PluginManager.with_installed(plugins))


def nightly(tmp_path: Path, more: str = "") -> Trigger:
    return read(tmp_path, f"[trigger.nightly]\n{NIGHTLY}{more}")["nightly"]


def test_a_section_is_a_trigger(tmp_path: Path) -> None:
    found = nightly(
        tmp_path, "timezone = Europe/Berlin\ndate = {date:-1d}\ndry-run = true\nqueue = heavy\npriority = 5"
    )
    spec = found.spec(DUE, "s")
    assert (spec.module, spec.family, spec.priority, spec.queue) == ("flights", "Report", 5.0, "heavy")
    assert spec.params == {"date": "2026-02-28", "dry_run": "true"}
    assert spec.unplanned
    assert found.submission(DUE) == "trigger-nightly-20260301T050000Z"
    assert found.when == "cron = 0 6 * * *"
    assert [f"{due:%d %H:%M %z}" for due in found.coming(DUE, 2)] == ["02 06:00 +0100", "03 06:00 +0100"]


def test_templates_are_filled_in_as_clocks_of_the_zone_show_it(tmp_path: Path) -> None:
    found = nightly(tmp_path, "timezone = Australia/Sydney\nat = {minute} {name}")
    assert found.spec(DUE, "s").params == {"at": "2026-03-01T1600 nightly"}


def test_parameters_named_like_options_stand_in_params(tmp_path: Path) -> None:
    found = nightly(tmp_path, 'params = {"queue": "{date}", "deep": {"a": [1, 2]}, "n": 3}')
    assert found.spec(DUE, "s").params == {"queue": "2026-03-01", "deep": '{"a": [1, 2]}', "n": "3"}


@pytest.mark.parametrize("parser", [LuigiTomlParser, LuigiConfigParser])
def test_a_toml_table_is_a_trigger(tmp_path: Path, parser: Any) -> None:
    (tmp_path / "luigi.toml").write_text(
        '[trigger.often]\ntype = "interval"\nevery = "15 min"\nmodule = "flights"\ntask = "Report"\n'
        'labels = ["gpu"]\nday = 2026-03-01\nat = 2026-03-01T06:00:00\nbig = true\n'
        "params = {n = 1, days = [2026-01-01]}"
    )
    config = parser()
    config.read(tmp_path / "luigi.toml")
    spec = triggers(config, PluginManager.with_installed())["often"].spec(DUE, "s")
    assert spec.labels == ("gpu",)
    assert spec.params == {
        "n": "1",
        "days": '["2026-01-01"]',
        "day": "2026-03-01",
        "at": "2026-03-01T060000",
        "big": "true",
    }


def test_the_id_is_that_of_a_stand_in_for_the_task(tmp_path: Path) -> None:
    assert nightly(tmp_path).spec(DUE, "trigger-nightly-1").task_id == "Report_trigger-nightly-1"


def test_jitter_is_a_delay_that_a_name_always_has(tmp_path: Path) -> None:
    delays = {
        name: one.delay
        for name, one in read(
            tmp_path, "".join(f"[trigger.t{number}]\n{NIGHTLY}jitter = 10 min\n" for number in range(20))
        ).items()
    }
    assert all(timedelta(0) <= delay < timedelta(minutes=10) for delay in delays.values())
    assert len(set(delays.values())) == 20
    (tmp_path / "again").mkdir()
    again = read(tmp_path / "again", f"[trigger.t3]\n{NIGHTLY}jitter = 10 min\n")["t3"]
    assert again.delay == delays["t3"] > timedelta(0)


def test_what_is_due_but_delayed_comes_yet(tmp_path: Path) -> None:
    found = nightly(tmp_path, "jitter = 10 min")
    due = datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert found.coming(due + found.delay - timedelta(seconds=1), 1) == [due]
    assert found.coming(due + found.delay, 1) == [due + timedelta(days=1)]


def test_one_that_is_off_does_not_count(tmp_path: Path) -> None:
    assert read(tmp_path, f"[trigger.nightly]\n{NIGHTLY}enabled = false") == {}


def test_without_sections_there_are_none(tmp_path: Path) -> None:
    assert read(tmp_path, "[triggers]\ntype = cron\n") == {}


@pytest.mark.parametrize(
    ("lines", "named", "hint"),
    [
        ("task = a:B", "says nothing of type", "add to the configuration: [trigger.nightly] type"),
        ("type = cron\ntask = a:B", "says nothing of cron", "add to the configuration: [trigger.nightly] cron"),
        ("type = corn\ntask = a:B", ":2: [trigger.nightly] type: no plugin offers 'corn'", "did you mean cron?"),
        (NIGHTLY + "cron = often", "[trigger.nightly] cron: 'often' is no cron expression", "five fields"),
        ("type = interval\nevery = 0.2\ntask = a:B", ":3: [trigger.nightly] every: every 0.2 seconds", ""),
        ("type = interval\nevery = soon\ntask = a:B", "every = 'soon' is not of type timedelta", ""),
        (
            NIGHTLY + "timezone = Europe/Berln",
            ":5: [trigger.nightly] timezone: no time zone Europe/Berln",
            "Europe/Berlin",
        ),
        (NIGHTLY + "overlap = skipp", ":5: [trigger.nightly] overlap: no skipp", "did you mean skip?"),
        (NIGHTLY + "overlp = skip", ":5: [trigger.nightly] has no option overlp", 'params = {"overlp": …}'),
        (NIGHTLY + "catch_up = some", ":5: [trigger.nightly] catch_up: no some", "there are: none, last, all"),
        (NIGHTLY + "catch_up = all", "catch_up = all with overlap = skip makes up for one", "overlap = queue"),
        (NIGHTLY + "catch_up_most = 0", ":5: [trigger.nightly] catch_up_most = 0 is below 1", ""),
        (NIGHTLY + "jitter = -5", ":5: [trigger.nightly] jitter = ", ""),
        (NIGHTLY + "date = {dat}", ":5: [trigger.nightly] date: no field {dat} can be filled in", "did you mean date?"),
        (NIGHTLY + 'params = {"a": "{date:1x}"}', ":5: [trigger.nightly] params: {date:1x}: 1x is no offset", "-1d"),
        ("type = cron\ncron = 0 6 * * *\ntask = Report", "does not say where it is defined", "task = module:Family"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, lines: str, named: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, f"[trigger.nightly]\n{_last_wins(lines)}")
    assert named in str(caught.value)
    assert "trigger.nightly" in str(caught.value) + caught.value.hint
    assert hint in caught.value.hint


def _last_wins(lines: str) -> str:
    """An option that is said twice is said the second time, on the first one's line."""
    return "\n".join(
        f"{name}={value}"
        for name, value in {line.partition("=")[0]: line.partition("=")[2] for line in lines.splitlines()}.items()
    )


def test_a_name_is_part_of_ids_and_paths(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'a b' is no name for a trigger") as caught:
        read(tmp_path, f"[trigger.a b]\n{NIGHTLY}")
    assert str(tmp_path) in str(caught.value)


def test_a_nameless_trigger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "luigi.toml").write_text('[trigger]\ntype = "cron"')
    config = LuigiTomlParser()
    config.read(tmp_path / "luigi.toml")
    with pytest.raises(ConfigurationError, match=r"\[trigger\] has no option type"):
        triggers(config, PluginManager.with_installed())


@dataclass(frozen=True)
class LunarSettings:
    days: float = setting(29.5, help="from one to the next")
    password: str = setting("", help="to the observatory", secret=True)


class Lunar:
    """A plugin with a type of its own."""

    @luigi.hookimpl
    def luigi_triggers(self) -> Iterator[Provider]:
        yield Provider("lunar", lambda zone, settings: Every(settings.days * 86400), settings=LunarSettings)
        yield Provider("hourly", lambda zone: Every(3600, zone=zone))
        yield Provider("broken", lambda zone: 1 // 0, "never works")


def test_a_plugin_brings_a_type_with_options_of_its_own(tmp_path: Path) -> None:
    text = "[trigger.moon]\ntype = lunar\ntask = a:B\ndays = 2\npassword = s3cret\nphase = full"
    found = read(tmp_path, text, (Lunar(),))["moon"]
    assert found.table == Every(2 * 86400)
    assert found.params == {"phase": "full"}
    assert found.when == "days = 2"
    assert "s3cret" not in repr(found)


def test_a_type_may_have_no_options(tmp_path: Path) -> None:
    assert read(tmp_path, "[trigger.x]\ntype = hourly\ntask = a:B", (Lunar(),))["x"].when == ""


def test_a_type_that_raises_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"trigger type broken \(never works\) cannot be made: ZeroDivisionError"):
        read(tmp_path, "[trigger.x]\ntype = broken\ntask = a:B", (Lunar(),))


def test_settings_of_a_plugin_have_to_be_a_dataclass(tmp_path: Path) -> None:
    class Odd:
        @luigi.hookimpl
        def luigi_triggers(self) -> Iterator[Provider]:
            yield Provider("odd", Every, settings=luigi.Config)

    with pytest.raises(KernelError, match="its settings are no dataclass"):
        read(tmp_path, "[trigger.x]\ntype = odd\ntask = a:B", (Odd(),))
