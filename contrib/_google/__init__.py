"""Google's services: what all of `luigi.contrib` that asks one has in common."""
