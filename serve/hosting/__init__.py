"""Ray Serve deployments: the dashboard, the predictor and the language model.

Entry points: `deployment` and `language_model`.
"""
