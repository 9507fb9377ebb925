"""The web server: a request costs a thread when it has come whole; what is too large is refused before it is read.

`python -m kundeservice.web_server --port 8000`. It is waitress, with three things of ours: how large a body may be
depends on the address and on whether somebody is logged in, a request has to arrive within a time, and at a stop what
is under way is answered first. Several processes may listen on one port; the kernel shares the connections out.
"""

from __future__ import annotations

import argparse
import re
import signal
import socket
import time
from types import FrameType
from typing import Any

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.utilities import RequestEntityTooLarge

from kundeservice.wsgi import application as site

MEGABYTE = 1024 * 1024
USUAL_BODY = 2 * MEGABYTE
"""More than the longest form: 40 answers, three comments and a message are some tens of kilobytes."""
PACKAGE_BODY = 200 * MEGABYTE
"""A leader whose file is too large is told so on the page, with what can be done; so it is let in, up to here."""
PACKAGE_ADDRESS = re.compile(r"/(en/)?kontor/importer/\Z")

HEADERS_WITHIN = 20.0
BODY_WITHIN = 600.0
"""Seconds from the first byte to the last, of the headers and of a whole request; 50 MB on a slow line take minutes."""
IDLE_WITHIN = 60
MOST_CONNECTIONS = 2_000
GRACE_SECONDS = 8.0
"""So long a stop waits for requests that are under way."""

TOO_LARGE = (
    '<!doctype html><html lang="nb"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>For stort</title><p>Det du sendte, er for stort til å tas imot. Gå tilbake, og send noe mindre.</p></html>"
)


class TooLarge(RequestEntityTooLarge):
    """A body that is not read, in words for the person who sent it."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:  # type: ignore[override]  # noqa: ARG002
        """Status, headers and page."""
        return f"{self.code} {self.reason}", [("Content-Type", "text/html; charset=utf-8")], TOO_LARGE.encode()


def most_bytes(path: str, cookies: str) -> int:
    """How large a body sent to `path` may be, given the cookies that came with it."""
    is_package = PACKAGE_ADDRESS.match(path) and f"{settings.SESSION_COOKIE_NAME}=" in cookies
    return PACKAGE_BODY if is_package else USUAL_BODY


class Request(HTTPRequestParser):
    """A request on its way in; its body is measured before and while it is read."""

    path: str
    most = USUAL_BODY

    def received(self, data: bytes) -> int:
        """Take in some bytes; how many were used."""
        consumed: int = super().received(data)
        # A chunked body does not say before how long it is.
        if max(self.content_length, self.body_bytes_received) > self.most:
            self.error = TooLarge("")
            self.completed = True
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and what they allow."""
        super().parse_header(header_plus)
        self.most = most_bytes(self.path, self.headers.get("COOKIE", ""))


class Channel(HTTPChannel):
    """A connection. Whoever sends too slowly is let go; nobody else waits for them meanwhile."""

    parser_class = Request
    began = 0.0

    def received(self, data: bytes) -> bool:
        """Take in some bytes of one or several requests."""
        if self.request is None:
            self.began = time.monotonic()
        came: bool = super().received(data)
        return came

    def writable(self) -> bool:
        """Asked in every round of the loop: whether there is something to write, or the connection is to be closed."""
        request = self.request
        if request is not None and not request.completed:
            within = BODY_WITHIN if request.headers_finished else HEADERS_WITHIN
            if time.monotonic() - self.began > within:
                self.will_close = True
        return bool(super().writable())


class Stop:
    """A signal to stop, remembered: what is under way is answered first."""

    def __init__(self) -> None:
        self.at: float | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._remember)

    def _remember(self, _number: int, _frame: FrameType | None) -> None:
        self.at = self.at or time.monotonic()

    @property
    def is_due(self) -> bool:
        return self.at is not None


def serve(application: Any, *, host: str, port: int, threads: int, trusts_proxy: bool) -> None:
    """Serve until told to stop."""
    stop = Stop()
    listener = _listener(host, port)
    connections: dict[int, Any] = {}
    server: Any = create_server(
        application,
        map=connections,
        sockets=[listener],
        threads=threads,
        ident=None,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=IDLE_WITHIN,
        cleanup_interval=10,
        asyncore_use_poll=True,
        max_request_body_size=PACKAGE_BODY + MEGABYTE,
        # What a proxy tells of the client is read by the product itself, and only as far as it is trusted.
        clear_untrusted_proxy_headers=not trusts_proxy,
    )
    server.channel_class = Channel
    while not stop.is_due:
        _one_round(server, connections)
    server.del_channel()
    listener.close()
    until = (stop.at or 0.0) + GRACE_SECONDS
    while time.monotonic() < until and any(_is_busy(channel) for channel in server.active_channels.values()):
        _one_round(server, connections)
    server.task_dispatcher.shutdown(timeout=1)


def _listener(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def _one_round(server: Any, connections: dict[int, Any]) -> None:
    server.asyncore.loop(timeout=0.5, map=connections, use_poll=True, count=1)


def _is_busy(channel: Channel) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=4)
    given = parser.parse_args()
    serve(
        site,
        host=given.host,
        port=given.port,
        threads=given.threads,
        trusts_proxy=settings.TRUSTED_PROXY_COUNT > 0,
    )


if __name__ == "__main__":
    main()
