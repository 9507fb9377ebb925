"""A site of two pages behind the web server: `python -m tests.core.patient_site PORT HEADERS_WITHIN BODY_WITHIN`.

`/` answers with how many bytes came; `/slow` takes a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Any

from kundeservice import web_server

SLOW_SECONDS = 1.0


def site(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The two pages."""
    if environment["PATH_INFO"] == "/slow":
        time.sleep(SLOW_SECONDS)
    came = len(environment["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{came} bytes".encode()]


if __name__ == "__main__":
    web_server.HEADERS_WITHIN, web_server.BODY_WITHIN = float(sys.argv[2]), float(sys.argv[3])
    web_server.serve(site, host="127.0.0.1", port=int(sys.argv[1]), threads=2, trusts_proxy=False)
