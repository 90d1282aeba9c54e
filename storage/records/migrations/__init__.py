"""Alembic's scripts: each changes the schema of the records by one step."""
