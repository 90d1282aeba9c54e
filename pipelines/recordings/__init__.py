"""Recordings written, replayed and measured, for `groundswell normalize`, `replay` and `metrics`.

Entry points: `normalisation.normalise_file`, `replay_feed.ReplayFeed` and `metrics.recording_metrics`.
"""
