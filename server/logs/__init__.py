"""What tasks print, kept on disk by this server: taken in from workers (operations → store), shown again.

How it lies on disk is said in `luigi.output.kept`; `holders` whose it may be.
"""
