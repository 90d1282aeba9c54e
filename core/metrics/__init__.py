"""The metric formulas of a hashtag in a window, and the state that one pass over readings keeps.

Entry points: `window.compute_window` and `state.MetricState`.
"""
