"""Alembic runs this file for every command, on the connection that bot.records.database passes."""

from alembic import context

from bot.records.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
