"""The two stores: the lake of time series and the records database.

Entry points: `lake.interface.Lake` and `records.interface.Records`, with an implementation in memory of each.
"""
