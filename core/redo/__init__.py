"""What is to be done again although it is complete: because somebody forces it, or because it is stale.

In reading order: `forcing` and `policy` say what is asked for, `choosing` which policies a task has, `finding` walks
the graph and gives the `redo`, which planning and `kernel plan` go by; `fingerprints` is what is remembered of tasks
that ran, `noting` the observer that remembers it; `of_run` puts all of it together. The kernel's own policies are in
`policies/`.
"""
