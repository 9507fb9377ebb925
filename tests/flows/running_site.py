"""The product as it runs on one machine, for a browser: site, worker and scheduler, and mail that lands in a folder."""

from __future__ import annotations

import json
import quopri
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from tests.processes import Installation, free_port, wait_until

CODE = re.compile(r"^    (\S+)$", re.MULTILINE)
LINK = re.compile(r"^(http\S+/logg-inn/lenke/\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class RunningSite:
    """A served installation. Nobody looks into its database."""

    installation: Installation
    address: str
    pages_seen: set[str] = field(default_factory=set)

    def login_code(self, email: str) -> str:
        """The code in the newest mail to somebody."""
        return _found(CODE, self._newest_mail(email))

    def login_link(self, email: str) -> str:
        """The link in the newest mail to somebody."""
        return _found(LINK, self._newest_mail(email))

    def _newest_mail(self, email: str) -> str:
        letters = [
            letter for letter in _letters(self.installation.folder / "mail") if f"\nTo: {email}\n" in f"\n{letter}"
        ]
        return letters[-1]


@contextmanager
def served(installation: Installation) -> Iterator[RunningSite]:
    """Serve an installation until the block is left."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    (installation.folder / "mail").mkdir()
    # DEBUG lets the style sheets be served from where they are written; nothing else depends on it.
    installation.extra.update(
        SITE_URL=address, DEBUG="yes", EMAIL_URL=f"filemail:///{installation.folder}/mail", WEB_CONCURRENCY="1"
    )
    with installation.started("django", "serve", "--port", str(port), log="serve"):
        wait_until(lambda: _is_well(address), what="the site to be well")
        yield RunningSite(installation, address)


def _is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz/", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except OSError:
        return False


def _letters(folder: Path) -> Iterator[str]:
    """Every mail with its address lines and its text, the oldest first."""
    for file in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
            if raw.strip():
                yield _readable(raw)


def _readable(raw: bytes) -> str:
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    return f"To: {message['To']}\n{body.get_content() if body else quopri.decodestring(raw).decode()}"


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise AssertionError(f"{pattern.pattern} is not in the mail:\n{text}")
    return match[1]
