"""The walk-forward backtest over a recording, and its report.

Entry points: `plan.BacktestPlan`, `walk.walk_forward`, `score.score_walk` and `report.write_report`.
"""
