"""The parts that `luigi.contrib.hive` is made of; import from that."""
