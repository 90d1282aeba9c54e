"""Misses, error analysis and the backlog.

Entry points: `improve` and `misses`.
"""
