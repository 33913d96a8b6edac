"""The table of bars: the Speed sections of the issues as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from figures import Bar, Figure, Job, Quantity


def bars(quick: bool) -> list[Bar]:
    """The table, whole or (`quick`) at sizes where Luigi, whose cost grows with the square, takes seconds."""
    files = 500 if quick else 2000
    return [
        *starting(),
        *making_tasks(),
        *running_nothing(1000 if quick else 5000, (1000, 10_000) if quick else (1000, 10_000, 100_000)),
        *writing_files(files),
        *two_processes(files),
        *misbehaving_plugins(5000),
        *scheduling((10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)),
        *declaring(100_000),
        *serving(10_000 if quick else 100_000),
        *served_tasks((300,) if quick else (1000, 10_000)),
        *fleets(*((100, 20_000, 3) if quick else (1000, 100_000, 10))),
        *on_dask(*((500, 200) if quick else (2000, 2000))),
        *shown(*((10_000, 20) if quick else (100_000, 600))),
        *on_ray(200 if quick else 2000),
        *loading(100_000 if quick else 1_000_000, 100_000 if quick else 300_000),
        *transferring(5000 if quick else 100_000, 64 if quick else 256),
    ]


def starting() -> Iterator[Bar]:
    """What it costs to begin."""
    imported = tuple(whole_process("-c", "import luigi"))
    helped = tuple(whole_process("luigi", "--help"))
    yield Bar("import luigi", "within", 0.5, imported)
    yield Bar("luigi --help", "within", 0.5, helped)
    yield Bar("luigi --help, start-up", "cost", 0.10, helped[:1])


def making_tasks() -> Iterator[Bar]:
    """What an instance costs."""
    yield Bar("20k new instances", "faster", 3, both("new_instances", 20_000, block="new"))
    yield Bar("the same 20k again", "faster", 6, both("new_instances", 20_000, block="again"))


def running_nothing(number: int, sizes: tuple[int, ...]) -> Iterator[Bar]:
    """What a task costs beside its own work, among few and among many."""
    noop = both("noop_tasks", number)
    once_started = tuple(ours("noop_tasks", size, "further") for size in sizes)
    least, most = in_short(sizes[0]), in_short(sizes[-1])
    yield Bar(f"{number} no-op tasks", "faster", 50, noop)
    yield Bar(f"{number} no-op tasks, a task", "cost", 100e-6, noop[:1])
    yield Bar(f"no-op, {' / '.join(map(in_short, sizes))}, a task once started", "flat", 1.25, once_started)
    yield Bar(f"no-op, {most} beside {least}", "within", 1 / 0.8, (once_started[-1], once_started[0]))


def writing_files(number: int) -> Iterator[Bar]:
    """Tasks that do a little, in one process."""
    files, layers, complete = both("file_tasks", number), both("layer_tasks", number), both("complete_tasks", 5000)
    loop = Figure(Job("loop", ("plain_loop.py", str(number))), number)
    yield Bar(f"{number} one-file tasks", "faster", 30, files)
    yield Bar(f"{number} one-file tasks", "faster", 1.3, (files[0], doit(number, "files")))
    yield Bar(f"{number} one-file tasks", "within", 4, (files[0], loop))
    yield Bar(f"{number} tasks in 10 layers", "faster", 60, layers)
    yield Bar(f"{number} tasks in 10 layers", "faster", 1.3, (layers[0], doit(number, "layers")))
    yield Bar("5000 complete tasks", "faster", 8, complete)
    yield Bar("5000 complete tasks", "faster", 3, (complete[0], doit(5000, "complete")))


def two_processes(number: int) -> Iterator[Bar]:
    """Tasks in two worker processes."""
    files = both("file_tasks", number, "2")
    ideal = number * 0.005 / 2
    spun = Figure(Job("ours", ("spin_tasks.py", str(number))), quantity="wall")
    yield Bar(f"{number} one-file tasks, 2 processes", "faster", 100, files)
    yield Bar(f"{number} one-file tasks, 2 processes", "faster", 2, (files[0], doit(number, "files", "2")))
    yield Bar(f"{number} one-file tasks, 2 processes, a task", "cost", 150e-6, files[:1])
    yield Bar(f"{number} × 5 ms, 2 processes, wall: 90 % of {ideal:.4g} s", "cost", ideal / 0.9, (spun,))


def on_dask(number: int, resting: int) -> Iterator[Bar]:
    """Tasks on a Dask cluster of two workers with a thread each, beside Dask's own tasks."""
    nothing = ours("hosted_dask", number, "0")
    bare = Figure(Job("ours", ("hosted_dask.py", str(number), "0", "bare")), number)
    ideal = resting * 0.05 / 2
    rested = Figure(Job("ours", ("hosted_dask.py", str(resting), "0.05")), quantity="wall")
    yield Bar(f"{number} no-op tasks on Dask, beside bare Dask", "within", 2, (nothing, bare))
    yield Bar(f"{resting} × 50 ms on Dask, wall: 85 % of {ideal:.4g} s", "cost", ideal / 0.85, (rested,))


def misbehaving_plugins(number: int) -> Iterator[Bar]:
    """What a plugin that does no good in any moment takes from a run."""
    alone = ours("chaos_tasks", number, "none", quantity="wall")
    for kind, what in {"raises": "raises", "sleeps": "sleeps 30 s", "leaks": "leaks a kilobyte"}.items():
        chaos = ours("chaos_tasks", number, kind, quantity="wall")
        yield Bar(f"{number} no-op tasks, a plugin that {what} each time, wall", "within", 1.05, (chaos, alone))


def scheduling(sizes: tuple[int, ...]) -> Iterator[Bar]:
    """What our scheduler alone takes for a hand-out and the report on it, at any size."""
    mean = {10_000: 50e-6, 100_000: 60e-6, 1_000_000: 100e-6}
    slow = {100_000: 1e-3, 1_000_000: 5e-3}
    sample = Figure(Job("luigi", ("luigi_hand_out.py", "10000", "200")), 200, "exchange")
    yield Bar("hand-out + done of 10k", "faster", 1300, (ours("hand_out", 10_000, block="exchange"), sample))
    for size in sizes:
        for kind in ((), ("resources",)):
            work = " ".join(("hand-out + done of", in_short(size), *kind))
            yield Bar(work, "cost", mean[size], (ours("hand_out", size, *kind, block="exchange"),))
            if size in slow:
                yield Bar(f"{work}, p99", "cost", slow[size], (slowest("hand_out", size, *kind),))


def declaring(number: int) -> Iterator[Bar]:
    """What a task costs our scheduler to take in and to keep."""
    kept = ours("pending_memory", number, block="pending", quantity="bytes")
    yield Bar(f"declare {in_short(number)}, a task", "cost", 15e-6, (ours("declare", number),))
    yield Bar(f"memory of {in_short(number)} pending, a task", "cost", 1.5 * 1024, (kept,))


def served_tasks(sizes: tuple[int, ...]) -> Iterator[Bar]:
    """What a task costs worker and server together."""
    least = {300: 5, 1000: 10, 10_000: 50}
    for size in sizes:
        yield Bar(f"{size} no-op tasks through the server", "faster", least[size], both("served_noop", size))
        calls = ours("served_noop", size, block="calls", quantity="count")
        yield Bar(f"{size} no-op tasks through the server, calls a task", "cost", 1.05, (calls,))


def serving(number: int) -> Iterator[Bar]:
    """What the server's callers wait for, what it answers, keeps and forgets."""
    among = f"among {in_short(number)} tasks"
    for quantity, limit in (("p50", 5e-3), ("p99", 50e-3)):
        call = whole_answer("served_latency", number, "call", quantity)
        yield Bar(f"a worker's call {among}, 200 pinging, 10 pages, {quantity}", "cost", limit, (call,))
    yield Bar(
        f"largest answer {among}", "cost", 256 * 1024, (whole_answer("served_answers", number, "largest", "bytes"),)
    )
    page = Figure(Job("ours", ("served_answers.py", str(number))), 200, "page")
    yield Bar(f"a page of 100 {among}", "cost", 20e-3, (page,))
    for block, limit in {"first": 0.3, "further": 0.03}.items():
        window = whole_answer("served_table", number, block, "wall")
        yield Bar(f"a table's {block} window {among}, the longest, wall", "cost", limit, (window,))
    locked = whole_answer("served_table", number, "lock", "p50")
    yield Bar(f"the lock, for a table's first window {among}, p50", "cost", 3e-3, (locked,))
    acknowledged = Figure(Job("ours", ("transitions.py", "20000")), 40_000, "transitions", "wall")
    yield Bar("a change of status, kept and acknowledged, wall", "cost", 1 / 5000, (acknowledged,))
    yield Bar(f"start {among}, wall", "cost", 5, (whole_answer("served_restart", number, "start", "wall"),))
    kept = ours("served_restart", number, block="kept", quantity="bytes")
    yield Bar(f"memory {among}, a task", "cost", 1.5 * 1024, (kept,))
    batches = tuple(whole_answer("served_batches", number, block, "bytes") for block in ("last", "second"))
    yield Bar(f"memory after ten batches of {in_short(number)} beside two", "within", 1.05, batches)


def fleets(workers: int, number: int, seconds: int) -> Iterator[Bar]:
    """What many machines wait for, a hundred tasks a second between them: each with a run of its own, or in pools.

    docs/explanation/scale.md has the figures of a million tasks, and at which load the server is at its end.
    """
    for what, more in {"": (), ", in pools": ("--pools",)}.items():
        fleet = Job("ours", ("fleet.py", str(workers), str(number), "--seconds", str(seconds), *more))
        for quantity, limit in (("p50", 10e-3), ("p99", 100e-3)):
            call = Figure(fleet, 1, "call", quantity)
            work = f"a call of {workers} workers among {in_short(number)} tasks{what}, {quantity}"
            yield Bar(work, "cost", limit, (call,))
        kept = Figure(fleet, number, "kept", "bytes")
        work = f"{workers} workers' {in_short(number)} tasks{what}, memory a task"
        yield Bar(work, "cost", 1.5 * 1024, (kept,))


def shown(number: int, seconds: int) -> Iterator[Bar]:
    """What the visualiser's visitors wait for, and what it takes of their machine and of the server."""
    among, idle = f"the page among {in_short(number)} tasks", 30
    crowd = Job("ours", ("page_crowd.py", str(number), str(idle)))
    yield Bar(f"{among}, until its rows are seen, wall", "cost", 1.5, (Figure(crowd, 1, "paint", "wall"),))
    yield Bar(f"{among}, a filter, wall", "cost", 0.3, (Figure(crowd, 1, "filter", "wall"),))
    yield Bar(f"{among}, open but idle, of the server a second", "cost", 0.01, (Figure(crowd, idle, "idle"),))
    live = Job("ours", ("page_live.py", str(number), str(seconds)))
    yield Bar(f"{among}, memory after {seconds} s of a run", "cost", 300 * 1024**2, (Figure(live, 1, "held", "bytes"),))
    graph = Job("ours", ("page_graph.py", "1990"))
    yield Bar("the page's graph of 2000 tasks, wall", "cost", 2, (Figure(graph, 1, "graph", "wall"),))


def on_ray(number: int) -> Iterator[Bar]:
    """What tasks take on a Ray cluster beside Ray's own, each 50 ms of the clock."""
    by_ours = ours("hosted_ray", number, "0.05", quantity="wall")
    by_ray = ours("hosted_ray", number, "0.05", "bare", quantity="wall")
    yield Bar(f"{number} tasks of 50 ms on Ray, wall, beside bare Ray", "within", 1.5, (by_ours, by_ray))
    cpu = (replace(by_ours, quantity="cpu"), replace(by_ray, quantity="cpu"))
    yield Bar(f"{number} tasks of 50 ms on Ray, CPU, beside bare Ray", "within", 1.5, cpu)


def loading(rows: int, others: int) -> Iterator[Bar]:
    """What a task that loads a table takes beside the bare driver."""
    postgres = ("postgres_load.py", str(rows), "3")
    what = f"{in_short(rows)} rows into PostgreSQL, wall"
    load, bare = beside_bare((*postgres, "bare"), "load")
    yield Bar(what, "within", 1.2, (load, bare))
    yield Bar(what, "faster", 1, (load, Figure(Job("luigi", postgres), 1, "load", "wall")))
    for kind, name in {"sqlite": "SQLite", "mariadb": "MariaDB"}.items():
        loads = beside_bare(("sql_loads.py", kind, str(others), "3"), "load")
        yield Bar(f"{in_short(others)} rows into {name}, wall", "within", 1.3, loads)


def transferring(keys: int, megabytes: int) -> Iterator[Bar]:
    """What S3Client takes beside boto3's own transfers."""
    program = ("s3_transfers.py", str(keys), str(megabytes), "5")
    for verb in ("put", "get", "copy"):
        work = f"S3: {verb} {megabytes} MB and 100 small files, wall"
        yield Bar(work, "within", 1.15, beside_bare(program, verb))
    yield Bar(f"S3: list {in_short(keys)} keys, wall", "within", 1.2, beside_bare(program, "list"))


# --- figures ---------------------------------------------------------------------------------------------------


def ours(name: str, count: int, *more: str, block: str = "seconds", quantity: Quantity = "cpu") -> Figure:
    """Our figure of a program that does so many units of work."""
    return Figure(Job("ours", (f"{name}.py", str(count), *more)), count, block, quantity)


def both(name: str, count: int, *more: str, block: str = "seconds") -> tuple[Figure, Figure]:
    """The same program for us and for Luigi."""
    figure = ours(name, count, *more, block=block)
    return figure, Figure(Job("luigi", figure.job.command), count, block)


def beside_bare(command: tuple[str, ...], block: str) -> tuple[Figure, Figure]:
    """What one run of a program measured for us and for the library alone, in turns."""
    job = Job("ours", command)
    return Figure(job, 1, block, "wall"), Figure(job, 1, f"bare-{block}", "wall")


def slowest(name: str, count: int, *more: str) -> Figure:
    """The p99 of a program's single calls."""
    return Figure(Job("ours", (f"{name}.py", str(count), *more)), 1, "one-exchange", "p99")


def whole_answer(name: str, number: int, block: str, quantity: Quantity) -> Figure:
    """Our figure of a program, not divided by how many tasks there are."""
    return Figure(Job("ours", (f"{name}.py", str(number))), 1, block, quantity)


def whole_process(*command: str) -> Iterator[Figure]:
    """The same command for us and for Luigi."""
    yield Figure(Job("ours", command), 1, "process")
    yield Figure(Job("luigi", command), 1, "process")


def doit(count: int, kind: str, *more: str) -> Figure:
    """One of the graphs in doit's terms."""
    return Figure(Job("doit", ("doit_tasks.py", kind, str(count), *more)), count)


def in_short(number: int) -> str:
    """A number of thousands or millions as people say it."""
    return f"{number // 1_000_000}M" if number >= 1_000_000 else f"{number // 1000}k"
