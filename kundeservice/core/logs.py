"""How a log line looks."""

import logging
import time


class UtcFormatter(logging.Formatter):
    """Writes times in UTC, so that lines of several machines, and of the night the clock changes, keep their order."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
