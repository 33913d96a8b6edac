"""The visualiser: one page, whose scripts ask the server's API. What they are is in `static`, what each is for in its
first line."""
