"""Shortens the journal of a server's state store as the server does: in another process, behind it in line.

`python fleet_compaction.py CONFIG STORE`. Block `compaction`: seconds by the clock, and bytes of memory at the most.
"""

from __future__ import annotations

import os
import resource
import sys
import time

os.environ["LUIGI_CONFIG_PATH"] = sys.argv[1]

from luigi.plugin_manager import here
from luigi.scheduler.compaction import NICENESS, compact
from meter import show

os.nice(NICENESS)
store = here().make("state_stores", sys.argv[2])
began = time.perf_counter()
compact(store)
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
show("compaction", wall=time.perf_counter() - began, bytes=most)
