"""Settings, read once by entry points; values are passed on below them."""
