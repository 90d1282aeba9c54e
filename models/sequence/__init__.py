"""The sequence models, LSTM and Temporal Fusion Transformer; PyTorch is imported only when they are used.

Entry points: `kinds.Lstm`, `kinds.TemporalFusion` and `kinds.BlendWithTransformer`.
"""
