"""Turning pages of the site into files that work wherever they are put: links between them become relative."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

LINK = re.compile(r'(?P<name>\b(?:href|src))="(?P<address>[^"]*)"')
CSS_REFERENCE = re.compile(r"""url\(\s*["']?(?P<address>[^"')]+)["']?\s*\)""")


def linked_paths(html: str) -> Iterator[str]:
    """The paths of this site that a page links to or loads, without what follows a ? or a #."""
    for match in LINK.finditer(html):
        address = unescape(match["address"])
        if address.startswith("/") and not address.startswith("//"):
            yield urlsplit(address).path


def css_paths(css: str, *, path: str) -> Iterator[str]:
    """The paths of this site that a style sheet at `path` loads."""
    for match in CSS_REFERENCE.finditer(css):
        address = match["address"]
        if not address.startswith(("data:", "#")):
            yield urlsplit(urljoin(path, address)).path


def file_of(path: str) -> str:
    """Which file a path is kept in, below the folder of the copy: ``/arkiv/`` is ``arkiv/index.html``."""
    name = path.lstrip("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


def with_relative_links(html: str, *, path: str, copied: Collection[str], site_url: str) -> str:
    """A page whose links to copied paths are relative to it, and whose other links lead to the site itself."""

    def rewritten(match: re.Match[str]) -> str:
        address = match["address"]
        if not address.startswith("/") or address.startswith("//"):
            return match[0]
        where, fragment = urldefrag(address)
        target = urlsplit(where).path
        if target not in copied:
            return f'{match["name"]}="{site_url}{address}"'
        relative = posixpath.relpath(file_of(target), posixpath.dirname(file_of(path)) or ".")
        return f'{match["name"]}="{relative}{"#" + fragment if fragment else ""}"'

    return LINK.sub(rewritten, html)
