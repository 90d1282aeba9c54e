"""Training sets, searches, training, promotion and rollback of models.

Entry points: `training_set`, `retrain`, `promotion`, `rollback` and `backtest`.
"""
