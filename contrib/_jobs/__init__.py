"""Jobs that run elsewhere: what all of `luigi.contrib` that submits, follows and ends one has in common."""
