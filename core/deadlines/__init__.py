"""Deadlines that stand in the configuration: tasks that are to be done by some time of day, whoever starts them.

Read `deadline` (one of them), `sections` (how they are configured), `keeper` (who looks), `done` (where). Deadlines
that tasks and runs have themselves are the scheduler's: `luigi.scheduler.terms`; `ticking` lets time pass for it in a
run.
"""
