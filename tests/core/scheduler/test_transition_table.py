"""The whole table of what follows from which event, for a task in each status: read a row, then a column.

Columns are what the task `t` is to the worker `w` when the event comes; what a batch is about are `t`, `u` and `y`.
Each cell says everything that follows, in order:

    U P R B D F X   t goes to UNKNOWN PENDING RUNNING BATCH_RUNNING DONE FAILED DISABLED
    u p r b d f x   so does another task of its batch
    !  @  no        an assignment goes out; a message does; the event is refused
    ~  *            a worker is lost; the task that just became UNKNOWN is forgotten
    =               the call was made before
    +  s  g  l      a trigger's firing is submitted; a submission is settled; goes on; is forgotten
    >  ^            a firing is let pass; a submission, unknown so far, is welcomed
    -               nothing follows
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

import pytest

from luigi.interfaces import Answer, Batcher, Began, Progress, Report, Said, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Changed
from luigi.scheduler.records import NEXT
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

TABLE = """
event                       unknown  pending  mine  theirs  batched  member  runner  done  failed  disabled  off
declared PENDING            P        -        -     -       -        -       -       P     P       -         P
declared PENDING by v       P        -        -     -       -        -       -       P     P       -         P
declared DONE               D        D        -     -       -        -       -       -     D       D         D
declared FAILED             F        F        -     -       -        -       -       F     X       -         F
declared UNKNOWN            -        U        -     -       -        -       -       U     U       -         U
declared DISABLED           X        X        -     -       -        -       -       X     X       -         -
declared RUNNING            R        R        -     -       -        -       -       R     R       -         R
declared, no status         -        -        -     -       -        -       -       -     -       -         -
reported DONE               no       no       D     no      Dd       D       Ddd     no    no      no        no
reported FAILED             no       no       F     no      Ff       F       Fff     no    no      no        no
reported FAILED for good    no       no       FX    no      FfX      FX      FffX    no    no      no        no
reported PENDING            no       no       P     no      P        P       P       no    no      no        no
reported PENDING, new deps  no       no       P     no      P        P       P       no    no      no        no
reported DONE, stale        no       no       no    no      no       no      no      no    no      no        no
reported FAILED, stale      no       no       no    no      no       no      no      no    no      no        no
reported DONE by v          no       no       no    D       no       no      no      no    no      no        no
reported FAILED by v        no       no       no    F       no       no      no      no    no      no        no
still runs                  no       no       -     no      -        -       -       no    no      no        no
still runs, stale           no       no       no    no      no       no      no      no    no      no        no
still runs, says v          no       no       no    -       no       no      no      no    no      no        no
half done                   no       no       -     no      -        -       -       no    no      no        no
gives back                  no       no       -     no      -        -       -       no    no      no        no
began t                     no       no       no    no      R        no      no      no    no      no        no
began another               no       no       no    no      r        no      no      no    no      no        no
began t, says v             no       no       no    no      no       no      no      no    no      no        no
answered                    -        -        -     -       -        -       -       -     -       -         -
asked                       -        R!       -     -       -        -       -       -     -       -         -
asked for none              -        -        -     -       -        -       -       -     -       -         -
asked, holding t            -        R!       -     -       -        -       -       -     -       -         -
asked, holding nothing      -        R!       !     -       PpBb!    !       !       -     -       -         -
asked by v                  -        -        -     -       -        -       -       -     -       -         -
seen                        -        -        -     -       -        -       -       -     -       -         -
seen, a message waits       @        @        @     @       @        @       @       @     @       @         @
introduced                  -        -        -     -       -        -       -       -     -       -         -
called                      -        -        -     -       -        -       -       -     -       -         -
called again                =        =        !=    =       !=       !=      !=      !=    !=      !!=       =
called, older               no=      no=      no=   no=     no=      no=     no=     no=   no=     no=       no=
49 s passed                 -        -        -     -       -        -       -       -     -       -         -
50 s passed                 -        -        -     -       -        -       -       -     P       -         -
999 s passed                -        -        -     -       -        -       -       -     P       -         -
1000 s passed               -        -        -     -       -        -       -       -     P       F         -
w was silent                ~        ~        F~    ~       Ff~      Fff~u*  ffF~U*  ~     ~P      ~         ~
v was silent                ~        ~        ~     F~      ~        ~       ~       ~     ~P      ~         ~
forgiven                    no       no       no    no      no       no      no      no    P       no        no
retried                     no       no       no    no      no       no      no      no    P       P         P
cancelled                   X        X        -     -       -        -       -       no    X       no        no
marked done                 no       no       D     D       no       no      Ddd     no    D       D         D
re-enabled                  no       no       no    no      no       no      no      no    no      F         F
w disabled                  -        -        -     -       -        -       -       -     -       -         -
v disabled                  -        -        -     -       -        -       -       -     -       -         -
processes set               -        -        -     -       -        -       -       -     -       -         -
message sent                -        -        -     -       -        -       -       -     -       -         -
limit set                   -        -        -     -       -        -       -       -     -       -         -
configured anew             -        -        -     -       -        -       -       -     -       -         -
heard of                    -        -        -     -       -        -       -       -     -       -         -
paused                      -        -        -     -       -        -       -       -     -       -         -
unpaused                    -        -        -     -       -        -       -       -     -       -         -
remembered                  -        -        -     -       -        -       -       -     -       -         -
"""

CANCELLED = """
event                       ending  joined  called_off
declared PENDING            -       -       -
declared PENDING by v       -       -       -
declared DONE               -       -       D
declared FAILED             -       -       -
declared UNKNOWN            -       -       -
declared DISABLED           -       -       -
declared RUNNING            -       -       -
declared, no status         -       -       -
reported DONE               D       D       no
reported FAILED             X       X       no
reported FAILED for good    X       X       no
reported PENDING            X       X       no
reported PENDING, new deps  X       X       no
reported DONE, stale        no      no      no
reported FAILED, stale      no      no      no
reported DONE by v          no      no      no
reported FAILED by v        no      no      no
still runs                  -       -       no
still runs, stale           no      no      no
still runs, says v          no      no      no
half done                   -       -       no
gives back                  -       -       no
began t                     no      no      no
began another               no      no      no
began t, says v             no      no      no
answered                    -       -       -
asked                       -       -       -
asked for none              -       -       -
asked, holding t            -       -       -
asked, holding nothing      X       Xxx     -
asked by v                  -       -       -
seen                        -       -       -
seen, a message waits       @       @       @
introduced                  -       -       -
called                      -       -       -
called again                !@=     !@=     =
called, older               no=     no=     no=
49 s passed                 -       -       -
50 s passed                 -       -       -
999 s passed                -       -       -
1000 s passed               -       -       -
w was silent                X~      Xxx~u*  ~
v was silent                ~       ~       ~
forgiven                    no      no      no
retried                     no      no      P
cancelled                   -       -       no
marked done                 D       no      D
re-enabled                  no      no      F
w disabled                  -       -       -
v disabled                  -       -       -
processes set               -       -       -
message sent                -       -       -
limit set                   -       -       -
configured anew             -       -       -
heard of                    -       -       -
paused                      -       -       -
unpaused                    -       -       -
remembered                  -       -       -
submitted again             -       -       s
planned for s               -       -       -
reported DONE by p          no      no      no
reported FAILED by p        no      no      no
given back by p             no      no      no
planned by p                no      no      no
asked by p                  -       -       -
p was silent                -       -       -
600 s passed                -       -       -
s cancelled                 no      no      no
fired                       ^+      ^+      ^+s
fired for nothing           -       -       -
fired, not later            no      no      no
fired, paused               no      no      no
fired, wanted now           s^+     s^+     s^+s
fired, one goes on          >       >       >
fired, one is waited for    -       -       -
fired, one is replaced      s^+     s^+     s^+s
trigger paused              -       -       -
trigger unpaused            -       -       -
trigger forgotten           no      no      no
"""

LATER = """
event                     unknown  pending  mine  theirs  batched  member  runner  done  failed  disabled  off
submitted again           P        -        -     -       -        -       -       P     P       s         P
planned for s             -        -        -     -       -        -       -       -     -       -         -
reported DONE by p        no       no       no    no      no       no      no      no    no      no        no
reported FAILED by p      no       no       no    no      no       no      no      no    no      no        no
given back by p           no       no       no    no      no       no      no      no    no      no        no
planned by p              no       no       no    no      no       no      no      no    no      no        no
asked by p                -        R!       -     -       -        -       -       -     -       -         -
p was silent              -        -        -     -       -        -       -       -     P       -         -
600 s passed              -        -        -     -       -        -       -       -     P       -         -
s cancelled               no       no       no    no      no       no      no      no    no      no        no
fired                     ^+P      ^+       ^+    ^+      ^+       ^+      ^+      ^+P   ^+P     ^+s       ^+P
fired for nothing         -        -        -     -       -        -       -       -     -       -         -
fired, not later          no       no       no    no      no       no      no      no    no      no        no
fired, paused             no       no       no    no      no       no      no      no    no      no        no
fired, wanted now         s^+P     s^+      s^+   s^+     s^+      s^+     s^+     s^+P  s^+P    s^+s      s^+P
fired, one goes on        >        >        >     >       >        >       >       >     >       >         >
fired, one is waited for  -        -        -     -       -        -       -       -     -       -         -
fired, one is replaced    s^+P     s^+      s^+   s^+     s^+      s^+     s^+     s^+P  s^+P    s^+s      s^+P
trigger paused            -        -        -     -       -        -       -       -     -       -         -
trigger unpaused          -        -        -     -       -        -       -       -     -       -         -
trigger forgotten         no       no       no    no      no       no      no      no    no      no        no
"""

SUBMITTED = """
event                       submitted  held  pooled  over   withdrawn
declared PENDING            -          -     -       Pg     -
declared PENDING by v       -          -     -       Pg     -
declared DONE               Ds         D     -       -      -
declared FAILED             Fs         F     -       Fs     -
declared UNKNOWN            Us         U     -       Us     -
declared DISABLED           Xs         X     -       Xs     -
declared RUNNING            R          R     -       Rg     -
declared, no status         -          -     -       -      -
reported DONE               no         no    no      no     no
reported FAILED             no         no    no      no     no
reported FAILED for good    no         no    no      no     no
reported PENDING            no         no    no      no     no
reported PENDING, new deps  no         no    no      no     no
reported DONE, stale        no         no    no      no     no
reported FAILED, stale      no         no    no      no     no
reported DONE by v          no         no    no      no     no
reported FAILED by v        no         no    no      no     no
still runs                  no         no    no      no     no
still runs, stale           no         no    no      no     no
still runs, says v          no         no    no      no     no
half done                   no         no    no      no     no
gives back                  no         no    no      no     no
began t                     no         no    no      no     no
began another               no         no    no      no     no
began t, says v             no         no    no      no     no
answered                    -          -     -       -      -
asked                       -          -     -       -      -
asked for none              -          -     -       -      -
asked, holding t            -          -     -       -      -
asked, holding nothing      -          -     -       -      -
asked by v                  -          -     -       -      -
seen                        -          -     -       -      -
seen, a message waits       @          @     @       @      @
introduced                  -          -     -       -      -
called                      -          -     -       -      -
called again                =          =     =       =      =
called, older               no=        no=   no=     no=    no=
49 s passed                 -          -     -       -      -
50 s passed                 -          -     -       -      -
999 s passed                -          -     FP~     ~l     F~l
1000 s passed               -          -     FP~     ~l     F~l
w was silent                ~          ~     ~FP~    ~~     ~F~
v was silent                ~          ~     ~FP~    ~~     ~F~
forgiven                    no         no    no      no     no
retried                     no         no    no      no     no
cancelled                   Xs         X     -       no     -
marked done                 no         no    Ds      no     D
re-enabled                  no         no    no      no     no
w disabled                  -          -     -       -      -
v disabled                  -          -     -       -      -
processes set               -          -     -       -      -
message sent                -          -     -       -      -
limit set                   -          -     -       -      -
configured anew             -          -     -       -      -
heard of                    -          -     -       -      -
submitted again             -          -     -       Pg     -
planned for s               -          -     -       Pg     -
reported DONE by p          no         no    Ds      no     D
reported FAILED by p        no         no    Fs      no     F
given back by p             no         no    P       no     P
planned by p                no         no    P       no     P
asked by p                  R!         r!    -       -      -
p was silent                -          -     FP~     ~      F~
600 s passed                -          -     -       l      l
s cancelled                 s          s     s       no     no
fired                       ^+         ^+    ^+      ^+Pg   ^+
fired for nothing           -          -     -       -      -
fired, not later            no         no    no      no     no
fired, paused               no         no    no      no     no
fired, wanted now           s^+        s^+   s^+     s^+Pg  s^+
fired, one goes on          >          >     >       >      >
fired, one is waited for    -          -     -       -      -
fired, one is replaced      s^+        s^+   s^+     s^+Pg  s^+
trigger paused              -          -     -       -      -
trigger unpaused            -          -     -       -      -
trigger forgotten           no         no    no      no     no
paused                      -          -     -       -      -
unpaused                    -          -     -       -      -
remembered                  -          -     -       -      -
"""

LETTERS = {UNKNOWN: "U", PENDING: "P", RUNNING: "R", BATCH_RUNNING: "B", DONE: "D", FAILED: "F", DISABLED: "X"}
SIGNS = {
    events.Assigned: "!",
    events.Refused: "no",
    events.WorkerLost: "~",
    events.Removed: "*",
    events.Delivered: "@",
    events.Repeated: "=",
    events.Submitted: "+",
    events.Settled: "s",
    events.Resumed: "g",
    events.SubmissionLeft: "l",
    events.Passed: ">",
    events.Welcomed: "^",
}
BATCHERS = [Batcher("B", ["day"])]

# --- columns: how the task came to be what it is ---------------------------------------------------------------------


def batch(bench: Any, *task_ids: str) -> None:
    """Have `w` assigned a batch of these."""
    specs = [TaskSpec(one, "B", params={"day": one}, batchable=True) for one in task_ids]
    bench.do(events.Declared("w", specs, BATCHERS))
    bench.take("w")


def begin(bench: Any, member: str, runner: str) -> None:
    began = Began(bench.token(member), TaskSpec(runner, "B", params={"day": runner}, deps=None))
    bench.do(events.HandedIn("w", began))


def fail(bench: Any, times: int) -> None:
    for _ in range(times):
        bench.run("t", FAILED)


def cancel(bench: Any) -> None:
    bench.do(events.Cancelled("t", "anna"))
    bench.do(events.Seen("w"))


def taken_by_a_pool(bench: Any) -> None:
    bench.submit("t", submission="s")
    bench.join("p")
    bench.take("p")


COLUMNS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "unknown": (UNKNOWN, lambda bench: bench.declare("top", "t", worker="v")),
    "pending": (PENDING, lambda bench: bench.declare("t")),
    "mine": (RUNNING, lambda bench: (bench.declare("t"), bench.take("w"))),
    "theirs": (RUNNING, lambda bench: (bench.declare("t"), bench.declare("t", worker="v"), bench.take("v"))),
    "batched": (BATCH_RUNNING, lambda bench: batch(bench, "t", "u")),
    "member": (BATCH_RUNNING, lambda bench: (batch(bench, "t", "u"), begin(bench, "t", "y"))),
    "runner": (RUNNING, lambda bench: (batch(bench, "u", "y"), begin(bench, "u", "t"))),
    "done": (DONE, lambda bench: bench.run("t", DONE)),
    "failed": (FAILED, lambda bench: fail(bench, 1)),
    "disabled": (DISABLED, lambda bench: fail(bench, 2)),
    "off": (DISABLED, lambda bench: bench.declare("t", status=DISABLED)),
    "ending": (RUNNING, lambda bench: (bench.declare("t"), bench.take("w"), cancel(bench))),
    "joined": (BATCH_RUNNING, lambda bench: (batch(bench, "t", "u"), begin(bench, "t", "y"), cancel(bench))),
    "called_off": (DISABLED, lambda bench: (bench.declare("t"), cancel(bench))),
    "submitted": (PENDING, lambda bench: bench.submit("t", submission="s")),
    "held": (PENDING, lambda bench: bench.submit("u", "t", submission="s", max_active=1)),
    "pooled": (RUNNING, taken_by_a_pool),
    "over": (DONE, lambda bench: (taken_by_a_pool(bench), bench.report("t", DONE, "p"))),
    "withdrawn": (RUNNING, lambda bench: (taken_by_a_pool(bench), bench.do(events.SubmissionCancelled("s")))),
}
"""Status, and what brings it about. `disabled` is so for its failures, `off` because its class says so, `called_off`
because an operator does; of an `ending` one an operator wants the run ended, and its worker has been told. The rest are
tasks of the submission `s`, which is `over`, or `withdrawn` by an operator; `p` is the worker of a pool."""


# --- rows: the event, made where it has to fit the task --------------------------------------------------------------


def declared(status: str, worker: str = "w") -> Callable[[Any], Any]:
    return lambda bench: events.Declared(worker, [TaskSpec("t", "F", status=status)])


def reported(status: str, worker: str = "w", stale: int = 0, **said: Any) -> Callable[[Any], Any]:
    return lambda bench: events.HandedIn(worker, Report("t", bench.token("t") - stale, status, **said))


def progressed(worker: str = "w", stale: int = 0, **said: Any) -> Callable[[Any], Any]:
    return lambda bench: events.HandedIn(worker, Progress("t", bench.token("t") - stale, **said))


def began(runner: str, worker: str = "w") -> Callable[[Any], Any]:
    return lambda bench: events.HandedIn(worker, Began(bench.token("t"), TaskSpec(runner, "B", deps=None)))


def seen_with_a_message(bench: Any) -> Any:
    bench.do(events.MessageSent("w", "t", "m", "hello"))
    return events.Seen("w")


def passed(seconds: float, *alive: str) -> Callable[[Any], Any]:
    """Time went by; of these workers there were signs of life meanwhile."""

    def tick(bench: Any) -> Any:
        bench.now += seconds
        for worker in alive:
            bench.do(events.Seen(worker))
        return events.Ticked()

    return tick


def planned_for_s(bench: Any) -> Any:
    bench.join("p")
    return events.Declared("p", [TaskSpec("t", "F")], submission="s")


def submitted(bench: Any) -> Any:
    bench.do(events.Introduced("s2", {"submission": True, "roots": ["t"]}))
    return events.Declared("s2", [TaskSpec("t", "F", deps=None, unplanned=True)])


def reported_by_a_pool(status: str, **said: Any) -> Callable[[Any], Any]:
    def report(bench: Any) -> Any:
        bench.join("p")
        if said:
            bench.do(events.Declared("p", [TaskSpec("new", "F")], submission="s"))
        return reported(status, "p", **said)(bench)

    return report


def asked_by_a_pool(bench: Any) -> Any:
    bench.join("p")
    return events.Asked("p", 1)


def fired(due: float = 5.0, paused: bool = False, **said: Any) -> Callable[[Any], Any]:
    def fire(bench: Any) -> Any:
        bench.do(events.Fired("g", 5.0, "g-1", [TaskSpec("y", "F", module="m")] if due > 5 else []))
        if paused:
            bench.do(events.TriggerPaused("g"))
        return events.Fired("g", due, "g-2", [TaskSpec("t", "F", module="m")], **said)

    return fire


ROWS: dict[str, Callable[[Any], Any]] = {
    "declared PENDING": declared(PENDING),
    "declared PENDING by v": declared(PENDING, "v"),
    "declared DONE": declared(DONE),
    "declared FAILED": declared(FAILED),
    "declared UNKNOWN": declared(UNKNOWN),
    "declared DISABLED": declared(DISABLED),
    "declared RUNNING": declared(RUNNING),
    "declared, no status": declared(""),
    "reported DONE": reported(DONE),
    "reported FAILED": reported(FAILED),
    "reported FAILED for good": reported(FAILED, retriable=False),
    "reported PENDING": reported(PENDING),
    "reported PENDING, new deps": reported(PENDING, new_deps=["new"]),
    "reported DONE, stale": reported(DONE, stale=1),
    "reported FAILED, stale": reported(FAILED, stale=1),
    "reported DONE by v": reported(DONE, "v"),
    "reported FAILED by v": reported(FAILED, "v"),
    "still runs": progressed(),
    "still runs, stale": progressed(stale=1),
    "still runs, says v": progressed("v"),
    "half done": progressed(percentage=50),
    "gives back": progressed(given_back={"db": 1}),
    "began t": began("t"),
    "began another": began("new"),
    "began t, says v": began("t", "v"),
    "answered": lambda bench: events.HandedIn("w", Answer("t", "m", "yes")),
    "asked": lambda bench: events.Asked("w", 1),
    "asked for none": lambda bench: events.Asked("w", 0),
    "asked, holding t": lambda bench: events.Asked("w", 1, ["t", "u", "y"]),
    "asked, holding nothing": lambda bench: events.Asked("w", 1, []),
    "asked by v": lambda bench: events.Asked("v", 1),
    "seen": lambda bench: events.Seen("w"),
    "seen, a message waits": seen_with_a_message,
    "introduced": lambda bench: events.Introduced("w", {"workers": 2}),
    "called": lambda bench: events.Called("w", 4),
    "called again": lambda bench: events.Called("w", 3),
    "called, older": lambda bench: events.Called("w", 2),
    "49 s passed": passed(49),
    "50 s passed": passed(50),
    "999 s passed": passed(999, "w", "v"),
    "1000 s passed": passed(1000, "w", "v"),
    "w was silent": passed(101, "v"),
    "v was silent": passed(101, "w"),
    "forgiven": lambda bench: events.Forgiven("t"),
    "retried": lambda bench: events.Retried("t"),
    "cancelled": lambda bench: events.Cancelled("t"),
    "marked done": lambda bench: events.MarkedDone("t"),
    "re-enabled": lambda bench: events.ReEnabled("t"),
    "w disabled": lambda bench: events.WorkerDisabled("w"),
    "v disabled": lambda bench: events.WorkerDisabled("v"),
    "processes set": lambda bench: events.ProcessesSet("w", 2),
    "message sent": lambda bench: events.MessageSent("w", "t", "m", "hello"),
    "limit set": lambda bench: events.LimitSet("db", 1),
    "configured anew": lambda bench: events.Configured(bench.machine.retry.common, {"db": 1}, 600, 100, 0, 1),
    "heard of": lambda bench: events.Heard([("w", bench.now, None, 3), ("nobody", bench.now, None, 1)]),
    "submitted again": submitted,
    "planned for s": planned_for_s,
    "reported DONE by p": reported_by_a_pool(DONE),
    "reported FAILED by p": reported_by_a_pool(FAILED),
    "given back by p": reported_by_a_pool(PENDING),
    "planned by p": reported_by_a_pool(PENDING, new_deps=["new"]),
    "asked by p": asked_by_a_pool,
    "p was silent": passed(101, "w", "v"),
    "600 s passed": passed(600, "w", "v", "p"),
    "s cancelled": lambda bench: events.SubmissionCancelled("s"),
    "fired": lambda bench: events.Fired("g", 5.0, "g-1", [TaskSpec("t", "F", module="m")]),
    "fired for nothing": lambda bench: events.Fired("g", 5.0, "", []),
    "fired, not later": fired(5.0),
    "fired, paused": fired(6.0, paused=True),
    "fired, wanted now": fired(6.0, paused=True, timely=False, overlap="replace"),
    "fired, one goes on": fired(6.0),
    "fired, one is waited for": fired(6.0, overlap="queue"),
    "fired, one is replaced": fired(6.0, overlap="replace"),
    "trigger paused": lambda bench: events.TriggerPaused("g"),
    "trigger unpaused": lambda bench: events.TriggerUnpaused("g"),
    "trigger forgotten": lambda bench: events.TriggerForgotten("g"),
    "paused": lambda bench: events.Paused(),
    "unpaused": lambda bench: events.Unpaused(),
    "remembered": lambda bench: events.Remembered("x", "text"),
}

# --- the test of each cell -------------------------------------------------------------------------------------------


def cells(text: str) -> dict[tuple[str, str], str]:
    """What the table says, by row and column."""
    head, *lines = text.strip().splitlines()
    columns = head.split()[1:]
    rows = [re.split("  +", line) for line in lines]
    return {(row, column): cell for row, *said in rows for column, cell in zip(columns, said, strict=True)}


CELLS = cells(TABLE) | cells(CANCELLED) | cells(LATER) | cells(SUBMITTED)


def brought_about(new_bench: Any, policy: Any, column: str) -> Any:
    """A bench where `t` is as the column says, and both workers are known."""
    bench = new_bench(policy._replace(retry_count=2), disconnect_delay=100, db=2)
    for worker in "wv":
        bench.do(events.Seen(worker))
    bench.do(events.Called("w", 3))
    COLUMNS[column][1](bench)
    assert bench.status("t") == COLUMNS[column][0]
    return bench


def written(effects: list[Any]) -> str:
    """Effects as the table writes them."""
    signs = []
    for effect in effects:
        if isinstance(effect, Changed):
            letter = LETTERS[effect.after]
            signs.append(letter if effect.task_id == "t" else letter.lower())
        else:
            signs.append(SIGNS[type(effect)])
    return "".join(signs) or "-"


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", ROWS)
def test_what_follows(new_bench: Any, policy: Any, row: str, column: str) -> None:
    bench = brought_about(new_bench, policy, column)
    event = ROWS[row](bench)
    effects = bench.do(event)
    assert written(effects) == CELLS[row, column]
    changes = [effect.after for effect in effects if isinstance(effect, Changed) and effect.task_id == "t"]
    after = [COLUMNS[column][0], *changes][-1]
    assert bench.status("t") == after if "t" in bench.machine.tasks else after == UNKNOWN
    bench.check_replay()


def test_no_cell_is_missing(bench: Any) -> None:
    assert set(CELLS) == {(row, column) for row in ROWS for column in COLUMNS}
    assert {status for status, _ in COLUMNS.values()} == set(NEXT)


def test_no_event_is_missing(new_bench: Any, policy: Any) -> None:
    bench = brought_about(new_bench, policy, "mine")
    made = [row(bench) for row in ROWS.values()]
    assert {type(event) for event in made} == set(get_args(events.Event))
    assert {type(event.said) for event in made if isinstance(event, events.HandedIn)} == set(get_args(Said))
