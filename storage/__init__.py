"""The two stores: the lake of time series and the records database.

Entry points: `lake.interface.Lake`, `records.interface.Records`, and `memory` for both in memory.
"""
