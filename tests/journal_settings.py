"""The product's settings with the journal named by `JOURNAL_IN_TESTS`, for tests of real processes only.

The product itself has no such switch: its journal follows the version of SQLite that is loaded.
"""

import os

from kundeservice.core import sqlite

sqlite.wal_is_safe = lambda version: os.environ["JOURNAL_IN_TESTS"] == "wal"  # noqa: ARG005 - whatever version it is

from kundeservice.settings import *  # noqa: E402, F403
