"""The lake: time series as Delta tables, partitioned by day, replaced window by window.

Entry points: `interface.Lake` and `delta.DeltaLake`.
"""
