"""Whether the database has the tables this version needs."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def why_not_migrated() -> str:
    """Say in a sentence what is missing and what to do; "" when nothing is, or when the database is away."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ""
    if not missing:
        return ""
    if not executor.loader.applied_migrations:
        return "The database is empty. Run `manage.py migrate` first."
    return f"The database lacks {len(missing)} migrations of this version. Run `manage.py migrate` first."
