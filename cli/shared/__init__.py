"""What the groups of commands share: options, an installation's home and stores, signals and progress.

Entry points: `options.settings_with`, `installation.installation_of` and `stores.lake_of`.
"""
