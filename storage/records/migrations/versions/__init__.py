"""The migrations in order.

Each file holds one step of the schema.
"""
