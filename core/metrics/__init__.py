"""The metric formulas of a hashtag in a window, and the state that one pass over readings keeps.

Entry points: `window.window_metrics`, `window.finished`, `state.MetricState` and `state.empty_state`.
"""
