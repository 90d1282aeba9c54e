"""Commands that train and score models.

Entry points: `backtest_command.backtest` and `train.train`.
"""
