"""The parts that `luigi.contrib.presto` is made of; import from that."""
