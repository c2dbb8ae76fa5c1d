"""A PostgreSQL server with pgvector: for several processes, or for more than one file should hold."""
