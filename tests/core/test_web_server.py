"""The web server: nobody's slow line holds up anybody, and what is too large is refused before it is read."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from time import monotonic

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from kundeservice.web_server import PACKAGE_BODY, USUAL_BODY, most_bytes
from tests.processes import ROOT, ambient_environment, free_port, kill_group, wait_until

SLOW_CLIENTS = 200
PATIENCE = 5
LOGGED_IN = f"csrftoken=x; {settings.SESSION_COOKIE_NAME}=abc"


def _import_page(language: str) -> str:
    with override(language):
        return reverse("office:import")


IMPORT_PAGES = [_import_page(language) for language, _name in settings.LANGUAGES]


@contextmanager
def served(*command: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=ambient_environment(), start_new_session=True
    )
    try:
        wait_until(lambda: answer(port) == b"0 bytes", what="the site to answer", seconds=60)
        yield process
    finally:
        kill_group(process)


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()
    with served("tests.core.patient_site", str(port), "20", "600", port=port):
        yield port


def answer(port: int, path: str = "/") -> bytes:
    """The page; nothing when it does not come in time."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as page:
            body: bytes = page.read()
            return body
    except OSError:
        return b""


def sent(port: int, *lines: str, body: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    client.sendall("\r\n".join((*lines, "Host: 127.0.0.1", "", "")).encode() + body)
    return client


def all_of(client: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    pieces = iter(lambda: client.recv(4096), b"")
    return b"".join(pieces)


def begin_a_body(port: int) -> socket.socket:
    return sent(port, "POST / HTTP/1.1", "Content-Length: 1000", body=b"a")


def begin_headers(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    client.sendall(b"GET / HTTP/1.1\r\nX-Slow: a")
    return client


@pytest.mark.parametrize("begin", [begin_a_body, begin_headers])
def test_two_hundred_who_send_slowly_hold_up_nobody(port: int, begin: Callable[[int], socket.socket]) -> None:
    with ExitStack() as clients:
        for _number in range(SLOW_CLIENTS):
            clients.enter_context(begin(port))

        assert answer(port) == b"0 bytes"


def test_a_server_that_spends_a_thread_on_each_is_held_up_by_eight() -> None:
    """What the server before did: the test above can fail."""
    port = free_port()
    before = ("gunicorn", "tests.core.patient_site:site", f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4")
    with served(*before, "--no-control-socket", port=port), ExitStack() as clients:
        for _number in range(2 * SLOW_CLIENTS):
            clients.enter_context(begin_a_body(port))

        assert answer(port) == b""


@pytest.mark.parametrize(
    ("path", "cookies", "most"),
    [
        *((path, LOGGED_IN, PACKAGE_BODY) for path in IMPORT_PAGES),
        *((path, "", USUAL_BODY) for path in IMPORT_PAGES),
        ("/kontor/importer/7/bekreft/", LOGGED_IN, USUAL_BODY),
        ("/oppdrag/ksp/c1/", LOGGED_IN, USUAL_BODY),
        ("/logg-inn/", "", USUAL_BODY),
    ],
)
def test_only_a_leader_who_sends_a_package_may_send_much(path: str, cookies: str, most: int) -> None:
    assert most_bytes(path, cookies) == most


def test_what_is_too_large_is_refused_in_words_before_it_is_read(port: int) -> None:
    with sent(port, "POST /kontor/importer/ HTTP/1.1", f"Content-Length: {300 * 1024 * 1024}") as client:
        told = all_of(client).decode()

    assert told.startswith("HTTP/1.1 413")
    assert "for stort til å tas imot" in told


def test_a_body_that_does_not_say_how_large_it_is_is_stopped_at_the_limit(port: int) -> None:
    piece = b"%x\r\n" % 65_536 + b"a" * 65_536 + b"\r\n"
    with sent(port, "POST / HTTP/1.1", "Transfer-Encoding: chunked") as client:
        try:
            for _number in range(2 * USUAL_BODY // 65_536):
                client.sendall(piece)
            told = all_of(client)
        except ConnectionError:
            return  # It hung up while we were still sending, and took its answer along.
        assert told.startswith(b"HTTP/1.1 413")


def test_what_is_small_enough_comes_whole(port: int) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", data=b"a" * (USUAL_BODY - 1))
    with urllib.request.urlopen(request, timeout=PATIENCE) as page:
        assert page.read() == f"{USUAL_BODY - 1} bytes".encode()


@pytest.mark.parametrize(("headers_within", "body_within"), [("1", "600"), ("20", "1")])
def test_who_takes_too_long_is_let_go(headers_within: str, body_within: str) -> None:
    port = free_port()
    begin = begin_headers if headers_within == "1" else begin_a_body
    with (
        served("tests.core.patient_site", str(port), headers_within, body_within, port=port),
        begin(port) as client,
    ):
        assert client.recv(10) == b""


def test_what_is_under_way_at_a_stop_is_answered_first() -> None:
    port = free_port()
    with served("tests.core.patient_site", str(port), "20", "600", port=port) as server:
        came: list[bytes] = []
        reader = Thread(target=lambda: came.append(answer(port, "/slow")))
        reader.start()
        begun = monotonic()
        wait_until(lambda: monotonic() - begun > 0.3, what="the request to be under way")
        server.send_signal(signal.SIGTERM)
        reader.join()
        assert server.wait(timeout=10) == 0

    assert came == [b"0 bytes"]
    assert answer(port) == b""
