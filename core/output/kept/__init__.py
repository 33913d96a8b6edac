"""What tasks have printed, on disk: kept by a server (`luigi.server.logs`), or by a run without one (`keeping`).

`segments` says how it lies there, `writing` adds to it, `reading` shows it, `sweeping` says what becomes of it in the
end; `of_runs` is where runs keep it, and what can be asked of that.
"""
