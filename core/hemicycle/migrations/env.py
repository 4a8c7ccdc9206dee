"""Run by Alembic, for one owner at a time, over a connection that `kernel.db.migrations` has opened and locked."""

from alembic import context

from hemicycle.kernel.db.lines import options

given = context.config.attributes
context.configure(connection=given["connection"], **options(given["connection"], given["owner"]))
with context.begin_transaction():  # ours is open already: this one neither begins nor commits
    context.run_migrations()
