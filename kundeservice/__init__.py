"""Wiring of the product: settings, URLs, the Celery application and the floor `core`."""

from kundeservice.celery import app as celery_app

__all__ = ("celery_app",)

import sqlite3
import sys


def prefer_newer_sqlite() -> None:
    """Let everything use the SQLite of `pysqlite3`, where that is installed and newer than Python's own.

    Django's backend takes whatever is called `sqlite3`, so this must happen before it is imported: here.
    """
    try:
        import pysqlite3  # noqa: PLC0415  # optional: the image brings it, a laptop need not
    except ModuleNotFoundError:
        return
    if pysqlite3.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2


prefer_newer_sqlite()
