"""The one way the embedded database is opened.

Django's defaults lose writes when several people save at once: a transaction that reads before it writes fails with
"database is locked" however long the time-out. IMMEDIATE transactions queue instead; WAL lets readers go on meanwhile;
`synchronous=FULL` keeps the last commit through a power cut.
"""

from typing import Any

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
    ),
}
SYNCHRONOUS_FULL = 2
