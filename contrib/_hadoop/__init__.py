"""Jobs of Hadoop: Python mappers and reducers by streaming, jars, and how all of them are followed and ended."""
