"""What the web server costs beside gunicorn: requests a second and seconds of processor a request, in the same run.

`python -m benchmarks.serving [SECONDS]` serves a page of some kilobytes with one process of four threads each, in turn,
three times. The bound is the peer's figure; the ratio is printed. What it buys is in `tests/core/test_web_server.py`.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROUNDS, CLIENTS = 3, 8
PAGE = b"<p>The results of an award, as a page of some kilobytes.</p>\n" * 200


def site(_environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """One page, with about the work of rendering it."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))])
    sum(range(100_000))
    return [PAGE]


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    commands = {
        "ours": [sys.executable, "-m", "benchmarks.serving", "--serve"],
        "gunicorn": [
            *(sys.executable, "-m", "gunicorn", "benchmarks.serving:site", "--workers=1", "--threads=4"),
            *("--no-control-socket", "--bind"),
        ],
    }
    rates: dict[str, list[float]] = {name: [] for name in commands}
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for _round in range(ROUNDS):
        for name, command in commands.items():
            rate, cost = _measured(command, seconds)
            rates[name].append(rate)
            costs[name].append(cost)
    for name in commands:
        print(
            f"{name:9} {statistics.median(rates[name]):8.0f} requests/s  {statistics.median(costs[name]):6.2f} ms each"
        )
    ours, peer = (statistics.median(rates[name]) for name in commands)
    print(f"ours / gunicorn: {ours / peer:.2f}")


def _measured(command: list[str], seconds: float) -> tuple[float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = str(port) if "--serve" in command else f"127.0.0.1:{port}"
    with subprocess.Popen([*command, where], stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            before, counts = _processor(server.pid), [0] * CLIENTS
            clients = [threading.Thread(target=_ask, args=(port, seconds, counts, n)) for n in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            return sum(counts) / seconds, (_processor(server.pid) - before) / sum(counts) * 1000
        finally:
            server.terminate()


def _ask(port: int, seconds: float, counts: list[int], number: int) -> None:
    connection, until = http.client.HTTPConnection("127.0.0.1", port), time.monotonic() + seconds
    while time.monotonic() < until:
        connection.request("GET", "/")
        connection.getresponse().read()
        counts[number] += 1


def _wait_for(port: int) -> None:
    for _try in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def _processor(pid: int) -> float:
    """Seconds of processor a process and its children have used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for each in (pid, *map(int, children)):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    if "--serve" in sys.argv:
        from kundeservice.web_server import serve

        serve(site, host="127.0.0.1", port=int(sys.argv[-1]), threads=4, trusts_proxy=False)
    else:
        main()
