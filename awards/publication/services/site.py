"""A static copy of the public site: what everybody can see, as files that need no server program."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from awards.publication.files.static_copy import css_paths, file_of, linked_paths, with_relative_links
from awards.publication.queries.public import NotPublic, published_edition

PUBLIC_DOOR = "public"


class ExportRefused(Exception):
    """There is nothing to copy, or nowhere to put it; the text says why, in the reader's language."""


def export_site(*, edition_code: str, folder: Path, at: dt.datetime) -> int:
    """Copy every public page, in both languages, with its style sheets, scripts and fonts; the number of files.

    Pages are asked for as a stranger without cookies, so that nothing is copied that is not public. Raises:
    ExportRefused for an edition that is not published, and for a folder that is not empty.
    """
    try:
        published_edition(edition_code, at=at)
    except NotPublic as error:
        raise ExportRefused(_("«%(code)s» er ikke publisert.") % {"code": edition_code}) from error
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefused(_("Mappen %(folder)s er ikke tom.") % {"folder": folder})
    pages = _read_pages(edition_code)
    assets = _read_assets(path for html in pages.values() for path in linked_paths(html))
    copied = {*pages, *assets}
    for path, html in pages.items():
        text = with_relative_links(html, path=path, copied=copied, site_url=settings.SITE_URL)
        _write(folder, file_of(path), text.encode())
    for path, content in assets.items():
        _write(folder, file_of(path), content)
    return len(copied)


def _read_pages(edition_code: str) -> dict[str, str]:
    """Every page of the public door that can be reached from the front page or the edition's results, by path."""
    handler = BaseHandler()
    handler.load_middleware()
    pages: dict[str, str] = {}
    waiting = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            waiting += [reverse("public:front"), reverse("public:results", kwargs={"edition_code": edition_code})]
    while waiting:
        path = waiting.pop()
        if path in pages or not _is_public(path):
            continue
        html = _page(handler, path)
        if html is None:
            continue
        pages[path] = html
        waiting += linked_paths(html)
    return pages


def _is_public(path: str) -> bool:
    try:
        # Under /en/ the resolver expects English to be the active language.
        with override("en" if path.startswith("/en/") else settings.LANGUAGE_CODE):
            return resolve(path).namespace == PUBLIC_DOOR
    except Resolver404:
        return False


def _page(handler: BaseHandler, path: str) -> str | None:
    """The page at `path` as a stranger gets it; None unless it is there."""
    site = urlsplit(settings.SITE_URL)
    environment: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(path),
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    # All middleware, but not the signals around a request: those would close the database under whoever called us.
    response = handler.get_response(WSGIRequest(environment))
    if not isinstance(response, HttpResponse) or response.status_code != HTTPStatus.OK:
        return None
    return response.content.decode()


def _read_assets(paths: Iterable[str]) -> dict[str, bytes]:
    """Our own static files among `paths`, and what their style sheets load, by path."""
    assets: dict[str, bytes] = {}
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        content = None if path in assets else _asset(path)
        if content is None:
            continue
        assets[path] = content
        if path.endswith(".css"):
            waiting += css_paths(content.decode(), path=path)
    return assets


def _asset(path: str) -> bytes | None:
    """The content of a static file; None for any other path. Hashed names are looked up where they were collected."""
    prefix = f"/{settings.STATIC_URL.strip('/')}/"
    if not path.startswith(prefix):
        return None
    name = path.removeprefix(prefix)
    collected = Path(settings.STATIC_ROOT).resolve()
    file = (collected / name).resolve()
    if file.is_relative_to(collected) and file.is_file():
        return file.read_bytes()
    source = find(name)
    return Path(source).read_bytes() if isinstance(source, str) and static(name) == path else None


OPEN_FOLDER, OPEN_FILE = 0o755, 0o644
"""The copy is there to be served by another program; all else the product writes is its own."""


def _write(folder: Path, name: str, content: bytes) -> None:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise ExportRefused(_("Adressen %(name)s peker ut av mappen.") % {"name": name})
    file.parent.mkdir(parents=True, exist_ok=True)
    for parent in (*file.relative_to(folder.resolve()).parents,):
        (folder / parent).chmod(OPEN_FOLDER)
    file.write_bytes(content)
    file.chmod(OPEN_FILE)
