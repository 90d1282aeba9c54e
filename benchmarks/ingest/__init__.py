"""The speed of ingestion beside JSON parsing alone.

Entry point: `speed`.
"""
