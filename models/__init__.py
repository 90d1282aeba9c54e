"""What predicts: one file a kind of model, and what kinds share (rows, calibration, uncertainty).

Entry points: `interface.Model`, `registry.kinds.KINDS`, and `registry.store`, which keeps trained models.
"""
