"""Where data stays: the lake (Delta tables) and the records (SQL database)."""
