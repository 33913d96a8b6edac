"""The parts that `luigi.contrib.pig` is made of; import from that."""
