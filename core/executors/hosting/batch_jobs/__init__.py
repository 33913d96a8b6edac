"""One task as the job of a batch system: a file says what to run, a stream of lines says how that goes.

In reading order: job_spec (the file) → running (`kernel execute-task`, there) → lines and requirements (what it
says, as JSON) → telling (where) → hearing (home: lines become news again) → engine (what such systems share).
"""
