"""Commands that inspect an installation: options in `commands`, the work of status, doctor and sql in one file each.

Entry point: `commands.app`.
"""
