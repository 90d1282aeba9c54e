"""The applications that serve Groundswell: the dashboard with its HTTP interface, the predictor and the language model.

Entry points: `app.build_api` without Ray; `deployment.build` and `language_model.build` on Ray Serve.
"""
