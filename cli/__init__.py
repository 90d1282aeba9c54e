"""The `groundswell` command, in groups of commands; entry points like these are the only readers of settings.

Entry point: `app.main`.
"""
