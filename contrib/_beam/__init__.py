"""The parts that `luigi.contrib.beam_dataflow` is made of; import from there."""
