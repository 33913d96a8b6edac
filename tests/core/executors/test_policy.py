"""A worker and its processes are batch work while it has any, and no longer."""

from __future__ import annotations

import os

import pytest

from luigi.executors.policy import batch_work

if not hasattr(os, "SCHED_BATCH"):
    pytest.skip("this system has no such policy", allow_module_level=True)


def test_while_it_lasts() -> None:
    with batch_work():
        assert os.sched_getscheduler(0) == os.SCHED_BATCH
        child = os.fork()
        if not child:
            os._exit(os.sched_getscheduler(0))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == os.SCHED_BATCH
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_a_policy_that_the_program_has_chosen_stays() -> None:
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    try:
        with batch_work():
            assert os.sched_getscheduler(0) == os.SCHED_IDLE
        assert os.sched_getscheduler(0) == os.SCHED_IDLE
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
