"""What running tasks print and log, taken as it comes out and handed to whoever wants it, attempt by attempt.

In child processes: writing_ends (the child's side) → pump (the supervisor's). In the worker's own process: right_here,
with the copier between. Both hand it to a sink; `sending` is the one that passes it on to a scheduler's server.
"""
