"""From snapshots to hashtag metrics and features, in place or over Ray Data.

Entry points: `metrics`, `features`, `parallel` and `rebuild`.
"""
