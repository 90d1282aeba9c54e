"""Figures, intervals, time splits, drift and the ranking.

Entry points: `kpis`, `intervals`, `splits`, `drift` and `ranking`.
"""
