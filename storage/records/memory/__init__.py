"""The records in dictionaries, for tests and benchmarks of other parts.

Entry point: `records.MemoryRecords`.
"""
