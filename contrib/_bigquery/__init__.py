"""The parts that `luigi.contrib.bigquery` and `bigquery_avro` are made of; import from there."""
