"""Recordings of real data: three Parquet files in a folder.

Entry point: `recording.load_recording`.
"""
