"""Metrics over Ray Data beside one process of Polars and DuckDB.

Entry point: `compare`.
"""
