"""Recordings of real data: folders of three Parquet files, checked and brought into one shape.

Entry point: `loading.load_recording`.
"""
