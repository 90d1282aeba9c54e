"""What Alembic runs: migrate on the connection, and in the transaction, that the caller opened."""

from alembic import context

from storage.records import schema


def run() -> None:
    """Run the migrations that Alembic chose."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=schema.JobTable.metadata,
        transactional_ddl=True,
        render_as_batch=True,
    )
    context.run_migrations()


if __name__ == "env_py":  # the name Alembic gives this file when it runs it
    run()
