"""The `groundswell` command, one file a command; the only place that reads settings."""
