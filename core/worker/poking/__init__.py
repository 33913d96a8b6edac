"""Waiting for what others make: looked for again and again, thousands at a time, in no worker's place.

Read `waiters` (who is looked for when), `looking` (how), `poller` (in which threads), `poking` (what the rounds say).
"""
