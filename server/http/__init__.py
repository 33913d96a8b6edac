"""How calls come in and answers go out: sockets, waitress and its loop, compression, the log of calls."""
