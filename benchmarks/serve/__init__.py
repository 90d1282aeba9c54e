"""The pages and the HTTP interface over a made installation, under one client and under many, beside bare uvicorn.

Entry points: `measure.measure` and `measure.table`.
"""
