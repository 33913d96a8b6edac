"""Running tasks on other machines, by way of an engine that is there already: Dask, Ray, a batch system.

In reading order: engine (what an engine carries) → executor (home: one executor for all engines) → travel (the task as
bytes) → host (the machine there).
"""
