"""The parts that `luigi.contrib.redshift` is made of; import from that."""
