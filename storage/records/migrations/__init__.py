"""Alembic migrations of the records database.

Entry point: `env`, run by `storage.records.sql.migrate`.
"""
