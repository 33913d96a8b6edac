"""The parts that `luigi.contrib.rdbms`, `postgres`, `mysqldb` and `sqla` are made of; import from those."""
