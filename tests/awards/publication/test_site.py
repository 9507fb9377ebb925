"""The static copy: every public page with links that work, and nothing of what is not public."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from awards.publication.files.static_copy import LINK, css_paths, file_of, linked_paths, with_relative_links
from awards.publication.services.archive import import_archive
from awards.publication.services.publishing import publish_edition
from awards.publication.services.site import ExportRefused, export_site
from scoring.services import count_edition
from surveys.models import Edition
from tests.factories import AT, believable_edition


def test_paths_are_kept_in_index_files() -> None:
    assert [file_of(path) for path in ("/", "/arkiv/", "/en/arkiv/2022/", "/static/css/base.css")] == [
        "index.html", "arkiv/index.html", "en/arkiv/2022/index.html", "static/css/base.css",
    ]  # fmt: skip


def test_links_between_copied_pages_become_relative_and_others_lead_home() -> None:
    html = (
        '<a href="/arkiv/#x">a</a><a href="/logg-inn/">b</a><link href="/static/a.css"><a href="https://e.test/">c</a>'
    )

    rewritten = with_relative_links(
        html, path="/en/metode/", copied={"/arkiv/", "/static/a.css"}, site_url="https://site.test"
    )

    assert [match["address"] for match in LINK.finditer(rewritten)] == [
        "../../arkiv/index.html#x", "https://site.test/logg-inn/", "../../static/a.css", "https://e.test/",
    ]  # fmt: skip


def test_what_pages_and_style_sheets_load_is_found() -> None:
    assert list(linked_paths('<img src="/static/x.png?v=1"><a href="//evil.test/">')) == ["/static/x.png"]
    css = 'a{src:url("../fonts/f.woff2")} b{background:url(data:image/png;base64,x)}'
    assert list(css_paths(css, path="/static/css/a.css")) == ["/static/fonts/f.woff2"]


def published(code: str) -> Edition:
    edition = believable_edition(code=code, classes=2, participants=2, contacts=3, winner="Zebra & Sønn")
    count_edition(edition_id=edition.pk, at=AT)
    publish_edition(edition_id=edition.pk, at=AT)
    return edition


@pytest.mark.django_db
def test_every_link_of_the_copy_leads_to_a_file_of_it_or_to_the_site(tmp_path: Path) -> None:
    import_archive()
    published("ksp-2022")
    believable_edition(code="ksp-2023", classes=1, participants=1, contacts=1)

    files = export_site(edition_code="ksp-2022", folder=tmp_path, at=AT)

    pages = sorted(tmp_path.rglob("*.html"))
    assert files == sum(path.is_file() for path in tmp_path.rglob("*"))
    names = {str(page.relative_to(tmp_path)) for page in pages}
    assert {"index.html", "en/index.html", "resultater/ksp-2022/bank/index.html", "arkiv/2022/index.html"} <= names
    assert not any("ksp-2023" in name or name.startswith(("kontor", "logg-inn", "deltaker")) for name in names)
    for page in pages:
        text = page.read_text()
        assert "ksp-2023" not in text
        for match in LINK.finditer(text):
            address = match["address"].split("#")[0]
            if address and not address.startswith("http"):
                assert (page.parent / address).is_file(), (page, address)
    assert list(tmp_path.rglob("*.woff2"))
    assert "Zebra &amp; Sønn" in (tmp_path / "index.html").read_text()


@pytest.mark.django_db
def test_an_edition_that_is_not_published_is_not_copied(tmp_path: Path) -> None:
    believable_edition(code="ksp-2022", classes=1, participants=1, contacts=1)

    with pytest.raises(CommandError, match="ikke publisert"):
        call_command("export_site", "ksp-2022", str(tmp_path / "site"))

    assert not (tmp_path / "site").exists()


@pytest.mark.django_db
def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    published("ksp-2022")
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(ExportRefused, match="ikke tom"):
        export_site(edition_code="ksp-2022", folder=tmp_path, at=AT)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
