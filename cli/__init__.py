"""The `groundswell` command, one file for each command, in groups.

Entry point: `app.main`.
"""
