"""The parts that `luigi.contrib.redis_store`, `mongodb`, `esindex` and `sparkey` are made of; import from there."""
