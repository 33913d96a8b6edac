"""What all range tasks share: bound the range, find what is missing, require it, tell how far behind it is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from luigi.errors import ParameterException
from luigi.parameter import BoolParameter, DictParameter, IntParameter, Parameter, TaskParameter
from luigi.task import Task, WrapperTask
from luigi.tools.range.events import tell_progress
from luigi.tools.range.moments import now_or

logger = logging.getLogger("luigi-interface")

NO_DEFAULT: Any = None
"""The default of bounds that need not be given. Their types stay those Luigi has: `None` is part of the task ids."""


class _ParameterName(Parameter[Any]):
    """The name of a parameter, or None."""

    def parse(self, x: str) -> str | None:
        return None if x == "None" else x


class RangeBase(WrapperTask):
    """Requires the missing tasks of class `of` between `start` and `stop`, oldest first, `task_limit` at most.

    A subclass says how often the task recurs: it gives `start` and `stop` their type and defines
    `datetime_to_parameter`, `parameter_to_datetime`, `moving_start`, `moving_stop` and `finite_datetimes`. Inside,
    every date is a naive datetime in UTC.
    """

    of = TaskParameter[Task](description="the task to require: it has one parameter that the range fills")
    of_params = DictParameter[dict[str, Any]](
        default={}, description="its other parameters; texts are read as on a command line"
    )
    start = cast("Any", Parameter())  # each kind of range gives them its own type
    stop = cast("Any", Parameter())
    reverse = BoolParameter(default=False, description="require the newest missing tasks first, not the oldest")
    task_limit = IntParameter(default=50, description="how many tasks to require at most in one run")
    now = IntParameter(default=NO_DEFAULT, description="the time to take for the present, in seconds since the epoch")
    param_name = _ParameterName(
        default=NO_DEFAULT,
        positional=False,
        description="the parameter that the range fills; the first positional one if not given",
    )

    # --- what a kind of range defines --------------------------------------------------------------------------

    def datetime_to_parameter(self, dt: datetime) -> Any:
        """The value of the filled parameter for the moment `dt`."""
        raise NotImplementedError

    def parameter_to_datetime(self, p: Any) -> datetime:
        """The moment that the value `p` of the filled parameter stands for."""
        raise NotImplementedError

    def moving_start(self, now: datetime) -> datetime:
        """The earliest moment that is looked at; keeps a range without `start` finite."""
        raise NotImplementedError

    def moving_stop(self, now: datetime) -> datetime:
        """The moment before which it ends at the latest; keeps a range without `stop` finite."""
        raise NotImplementedError

    def finite_datetimes(self, finite_start: datetime, finite_stop: datetime) -> list[datetime]:
        """The moments between the two, the first included and the last not, in order."""
        raise NotImplementedError

    def missing_datetimes(self, finite_datetimes: list[datetime]) -> list[datetime]:
        """Those of the moments whose task is not complete. Override it where one check can answer for many."""
        return [moment for moment in finite_datetimes if not self._task_at(moment).complete()]

    # --- the task that recurs ----------------------------------------------------------------------------------

    @property
    def of_cls(self) -> type[Task]:
        """The class of the tasks that are required."""
        return self.of

    def datetime_to_parameters(self, dt: datetime) -> dict[str, Any]:
        """All parameters that are given to the task for the moment `dt`."""
        return self._task_parameters(self.datetime_to_parameter(dt))

    def parameters_to_datetime(self, p: dict[str, Any]) -> datetime:
        """The moment that a task with the parameters `p` is for."""
        return self.parameter_to_datetime(p[self._param_name])

    def _task_at(self, moment: datetime) -> Task:
        return self._instantiate_task_cls(self.datetime_to_parameter(moment))

    def _instantiate_task_cls(self, param: Any) -> Task:
        return self.of_cls(**self._task_parameters(param))

    def _task_parameters(self, param: Any) -> dict[str, Any]:
        return {**self._given_params, self._param_name: param}

    @cached_property
    def _given_params(self) -> dict[str, Any]:
        """`of_params`, the texts in it read as on a command line: JSON has no dates."""
        known = dict(self.of_cls.get_params())
        return {
            name: known[name].read(value, name, "of_params") if isinstance(value, str) and name in known else value
            for name, value in self.of_params.items()
        }

    @cached_property
    def _param_name(self) -> str:
        if self.param_name is not None:
            return str(self.param_name)
        for name, param in self.of_cls.get_params():
            if param.positional:
                return name
        raise ParameterException(
            f"{self.task_family}: {self.of_cls.task_family} has no positional parameter for the range to fill",
            hint="name the one to fill with --param-name",
        )

    # --- what is missing ---------------------------------------------------------------------------------------

    def requires(self) -> list[Task]:
        """The missing tasks, oldest first unless `reverse`, `task_limit` at most; worked out once.

        Raises ParameterException for bounds that do not make a range.
        """
        return self._required

    @cached_property
    def _required(self) -> list[Task]:
        self._check_bounds()
        start, stop = self._finite_bounds()
        moments = self.finite_datetimes(start, stop) if start <= stop else []
        self._explain_empty(moments, start)
        missing = sorted(self.missing_datetimes(moments)) if moments else []
        family = self.of_cls.task_family
        logger.debug("%s: %d of %d tasks %s are missing", self.task_family, len(missing), len(moments), family)
        tell_progress(self, missing, start, stop)
        if self.reverse:
            missing.reverse()
        return [self._task_at(moment) for moment in missing[: self.task_limit]]

    def _check_bounds(self) -> None:
        if not self.start and not self.stop:
            raise ParameterException(f"{self.task_family}: neither start nor stop is given", hint="give --start")
        if not self.start and not self.reverse:
            raise ParameterException(
                f"{self.task_family}: without start there is no oldest task to begin with",
                hint="give --start, or --reverse to begin with the newest",
            )
        if self.start and self.stop and self.start > self.stop:
            raise ParameterException(f"{self.task_family}: start {self.start} is later than stop {self.stop}")
        if self.task_limit < 0:
            raise ParameterException(f"{self.task_family}: task_limit is {self.task_limit}, and less than none")

    def _finite_bounds(self) -> tuple[datetime, datetime]:
        """Where the range begins and ends in this run."""
        now = now_or(self.now)
        start, stop = self.moving_start(now), self.moving_stop(now)
        if self.start:
            start = max(start, self.parameter_to_datetime(self.start))
        if self.stop:
            stop = min(stop, self.parameter_to_datetime(self.stop))
        return start, stop

    def _explain_empty(self, moments: Sequence[datetime], start: datetime) -> None:
        """A range that was given and holds nothing is easily a surprise: a backfill of old dates, above all."""
        if not moments and self.stop and self.start != self.stop and start > self.parameter_to_datetime(self.stop):
            logger.warning(
                "%s requires nothing: it ends at %s, and looks no further back than %s; a greater …_back lets it",
                self.task_family,
                self.stop,
                start,
            )
