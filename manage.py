#!/usr/bin/env python
"""Django's command line for Kundeservice."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError


def main() -> None:
    """Run the command given on the command line with the product's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError:
        from kundeservice.core.queries.schema import why_not_migrated  # noqa: PLC0415 - needs the settings

        reason = why_not_migrated()
        if not reason:
            raise
        sys.exit(reason)


if __name__ == "__main__":
    main()
