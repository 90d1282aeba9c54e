"""Everything that is small and has a life of its own: models, texts, alerts, jobs, units, feedback.

Entry points: `interface.Records`, `sql.records.SqlRecords` and `memory.records.MemoryRecords`.
"""
