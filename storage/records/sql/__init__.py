"""The records on SQLite or PostgreSQL.

Entry point: `records.SqlRecords`.
"""
