"""The steps between two tables, one idea a file, without Ray."""
