"""The walk-forward backtest over a recording, and its report.

Entry point: `walk.walk_forward`.
"""
