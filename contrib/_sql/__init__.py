"""The parts that `luigi.contrib.rdbms`, `postgres`, `mysqldb`, `mssqldb` and `sqla` are made of; import from those."""
