"""Both stores in memory, for tests and benchmarks; not part of the installed package.

Entry points: `lake.MemoryLake` and `records.MemoryRecords`.
"""
