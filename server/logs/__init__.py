"""What tasks print, kept on disk by this server: taken in from workers (operations → store → writing), shown again.

`segments` says how it lies there, `holders` whose it may be, `sweeping` what becomes of it in the end.
"""
