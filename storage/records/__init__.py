"""Everything that is small and has a life of its own: models, texts, alerts, jobs, units, feedback.

Entry points: `interface.Records` and `sql.records.SqlRecords`.
"""
