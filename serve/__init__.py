"""Ray Serve applications: the HTTP interface, the pages, the predictor and the language model.

Entry points: `api`, `pages` and `hosting`; `reading` holds what they read.
"""
