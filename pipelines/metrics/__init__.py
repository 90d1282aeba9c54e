"""From snapshots to hashtag metrics and features, in this process or over Ray Data.

Entry points: `metrics.advance`, `features.features`, `parallel.compute_windows`, `rebuild.rebuild_measured`.
"""
