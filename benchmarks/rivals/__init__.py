"""Other ways of computing the same metrics: Polars, pandas, DuckDB and Ray Data.

Entry point: `contender`, one process a rival.
"""
