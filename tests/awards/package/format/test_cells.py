"""What a single cell may say, kind by kind."""

from __future__ import annotations

import datetime as dt
import unicodedata
import zoneinfo
from decimal import Decimal

import pytest

from awards.package.format.cells import converter, plain
from awards.package.format.tables import Column, Kind
from awards.package.format.text_cells import CellError, clean
from kundeservice.core.text import clean_text

OSLO = zoneinfo.ZoneInfo("Europe/Oslo")


def read(kind: Kind, cell: str, **options: object) -> object:
    return converter(Column("column", kind, **options), OSLO)(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "cell", "meaning"),
    [
        (Kind.CODE, "s1", "s1"),
        (Kind.CODE, " 2022-vinter_a\u00a0", "2022-vinter_a"),
        (Kind.CODE, "a" * 40, "a" * 40),
        (Kind.TEXT, "Blåbærsyltetøy & Sønner", "Blåbærsyltetøy & Sønner"),
        (Kind.TEXT, "\r\nto\r\nlinjer\r", "to\nlinjer"),
        (Kind.TEXT, unicodedata.normalize("NFD", "Ås ŋ č"), "Ås ŋ č"),
        (Kind.TEXT, "=1+1", "=1+1"),
        (Kind.EMAIL, " navn@firma.no ", "navn@firma.no"),
        (Kind.LINK, "https://firma.no/kontakt?a=1", "https://firma.no/kontakt?a=1"),
        (Kind.LINK, " https://m.firma.no:8443/chat\u200b ", "https://m.firma.no:8443/chat"),
        (Kind.LINK, "http://blåbær.example", "http://blåbær.example"),
        (Kind.WEBSITE, "https://firma.no", "https://firma.no"),
        (Kind.WEBSITE, "www.firma.no", "www.firma.no"),
        (Kind.WEBSITE, "firma.no:8443/om", "firma.no:8443/om"),
        (Kind.TELEPHONE, "+47 22 00 00 01", "+47 22 00 00 01"),
        (Kind.TELEPHONE, "\u202a22\u00a000\u00a000\u00a001\u202c", "22 00 00 01"),
        (Kind.TELEPHONE, "0047 815 00 000", "0047 815 00 000"),
        (Kind.TELEPHONE, "02400", "02400"),
        (Kind.TELEPHONE, "+47 02400", "+47 02400"),
        (Kind.TELEPHONE, "116 117", "116 117"),
        (Kind.TELEPHONE, "175", "175"),
        (Kind.TELEPHONE, "1881", "1881"),
        (Kind.TELEPHONE, "+46 8 123 456 78", "+46 8 123 456 78"),
        (Kind.CODE, "\ufeffs\u00ad1", "s1"),
        (Kind.INTEGER, "2\u200b5", 25),
        (Kind.CHANNELS, "chat telephone", ("telephone", "chat")),
        (Kind.INTEGER, " 25 ", 25),
        (Kind.INTEGER, "0", 0),
        (Kind.DECIMAL, "12.50", Decimal("12.5")),
        (Kind.DECIMAL, "007", Decimal(7)),
        (Kind.DECIMAL, "0000000.000000001", Decimal("0.000000001")),
        (Kind.DECIMAL, "999999.999999999", Decimal("999999.999999999")),
        (Kind.DECIMAL, "-0", Decimal(0)),
        (Kind.DATE, "2022-01-10", dt.date(2022, 1, 10)),
        (Kind.DATES, "2022-12-30 2022-12-27", (dt.date(2022, 12, 27), dt.date(2022, 12, 30))),
        (Kind.TIME, "09:00", dt.time(9)),
        (Kind.TIME, "15:30:00", dt.time(15, 30)),
        (Kind.INSTANT, "2022-01-10T09:30:00+01:00", dt.datetime(2022, 1, 10, 8, 30, tzinfo=dt.UTC)),
        (Kind.INSTANT, "2022-01-10 09:30", dt.datetime(2022, 1, 10, 8, 30, tzinfo=dt.UTC)),
        (Kind.INSTANT, "2022-07-10T09:30:00", dt.datetime(2022, 7, 10, 7, 30, tzinfo=dt.UTC)),
        (Kind.INSTANT, "2022-07-10T07:30:00.000250Z", dt.datetime(2022, 7, 10, 7, 30, 0, 250, tzinfo=dt.UTC)),
        (Kind.INSTANT, "2022-10-30T02:30:00+02:00", dt.datetime(2022, 10, 30, 0, 30, tzinfo=dt.UTC)),
        (Kind.WEEK, "2020-W53", "2020-W53"),
        (Kind.YES_NO, "yes", True),
        (Kind.YES_NO, "no", False),
        (Kind.TIMEZONE, "America/New_York", "America/New_York"),
    ],
)
def test_a_cell_that_means_something(kind: Kind, cell: str, meaning: object) -> None:
    assert read(kind, cell) == meaning


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.CODE, "S1"),
        (Kind.CODE, "-a"),
        (Kind.CODE, "_a"),
        (Kind.CODE, "a b"),
        (Kind.CODE, "blåbær"),
        (Kind.CODE, "a" * 41),
        (Kind.CODE, "a\nb"),
        (Kind.TEXT, "a\0b"),
        (Kind.TEXT, "a\x0bb"),
        (Kind.TEXT, "a\x85b"),
        (Kind.TEXT, "a\ud83db"),
        (Kind.TEXT, "a\uffffb"),
        (Kind.EMAIL, "a@b.no, c@d.no"),
        (Kind.EMAIL, "mailto:a@b.no"),
        (Kind.EMAIL, "a@b@c.no"),
        (Kind.EMAIL, "a@b.no\nBcc: alle@d.no"),
        (Kind.EMAIL, "-"),
        (Kind.EMAIL, "#REF!"),
        (Kind.LINK, "www.firma.no"),
        (Kind.LINK, "Chat: nederst til høyre"),
        (Kind.LINK, "https://"),
        (Kind.LINK, "https://firma"),
        (Kind.LINK, "https://firma.no:port/"),
        (Kind.LINK, "https://firma.no og https://firma.se"),
        (Kind.LINK, "-"),
        (Kind.LINK, "n/a"),
        (Kind.LINK, "nei"),
        (Kind.LINK, "#REF!"),
        (Kind.LINK, "post@firma.no"),
        (Kind.WEBSITE, "-"),
        (Kind.WEBSITE, "n/a"),
        (Kind.WEBSITE, "nei"),
        (Kind.WEBSITE, "javascript:alert(1)"),
        (Kind.WEBSITE, "#I/T"),
        (Kind.TELEPHONE, "4800"),
        (Kind.TELEPHONE, "2400"),
        (Kind.TELEPHONE, "4.72E+09"),
        (Kind.TELEPHONE, "4722000001"),
        (Kind.TELEPHONE, "2200001"),
        (Kind.TELEPHONE, "+47 2200001"),
        (Kind.TELEPHONE, "117117"),
        (Kind.TELEPHONE, "+0 22 00 00 01"),
        (Kind.TELEPHONE, "22+000001"),
        (Kind.TELEPHONE, "-"),
        (Kind.TELEPHONE, "nei"),
        (Kind.TELEPHONE, "#REF!"),
        (Kind.TELEPHONE, "22 00 00 01 / 22 00 00 02"),
        (Kind.TELEPHONE, "ring oss"),
        (Kind.TEXT, "#VERDI!"),
        (Kind.TEXT, "Bj\ufffdrn"),
        (Kind.LINK, "javascript:alert(1)"),
        (Kind.LINK, "JavaScript:alert(1)"),
        (Kind.LINK, "data:text/html,x"),
        (Kind.LINK, "file:///etc/passwd"),
        (Kind.CHANNELS, "telephone telephone"),
        (Kind.CHANNELS, "telephone,chat"),
        (Kind.INTEGER, "25.0"),
        (Kind.INTEGER, "1 000"),
        (Kind.INTEGER, "٣"),
        (Kind.INTEGER, "1000001"),
        (Kind.INTEGER, "-1"),
        (Kind.DECIMAL, "1.0000000001"),
        (Kind.DECIMAL, "1000000"),
        (Kind.DECIMAL, "Infinity"),
        (Kind.DECIMAL, "1E3"),
        (Kind.DECIMAL, "12 %"),
        (Kind.DECIMAL, ".5"),
        (Kind.DECIMAL, "5."),
        (Kind.DECIMAL, "1_000"),
        (Kind.DATE, "2022-02-29"),
        (Kind.DATE, "20220110"),
        (Kind.DATE, "1.3.27"),
        (Kind.DATE, "0022-01-10"),
        (Kind.DATE, "2022-01-10T00:00"),
        (Kind.TIME, "24:00"),
        (Kind.TIME, "9:00"),
        (Kind.TIME, "09:00:30"),
        (Kind.INSTANT, "2022-01-10"),
        (Kind.INSTANT, "2022-01-10T25:00"),
        (Kind.INSTANT, "2022-01-10T09:30:00+24:00"),
        (Kind.INSTANT, "2022-03-27T02:30"),
        (Kind.INSTANT, "2022-10-30T02:30"),
        (Kind.INSTANT, "9999-12-31T23:59:59-01:00"),
        (Kind.WEEK, "2022-W53"),
        (Kind.WEEK, "2022-W00"),
        (Kind.WEEK, "2022-3"),
        (Kind.YES_NO, "Yes"),
        (Kind.YES_NO, "1"),
        (Kind.TIMEZONE, "../../etc/passwd"),
        (Kind.TIMEZONE, "Europe"),
    ],
)
def test_a_cell_that_means_nothing(kind: Kind, cell: str) -> None:
    with pytest.raises(CellError):
        read(kind, cell)


@pytest.mark.parametrize("kind", [Kind.LINK, Kind.WEBSITE])
@pytest.mark.parametrize(
    "cell",
    [
        "https://bank.no@evil.example/chat",
        "https://bank.no:443@evil.example/",
        "HTTPS://bank.no%2F@evil.example",
        "https://@evil.example/",
        "https://bank.no\\@evil.example/",
    ],
)
def test_a_link_that_leads_elsewhere_than_it_looks_is_refused_with_where_it_leads(kind: Kind, cell: str) -> None:
    with pytest.raises(CellError, match=r"fører til «evil\.example»"):
        read(kind, cell)


@pytest.mark.parametrize("link", ["https://m.example/@firma", "https://firma.no/chat?til=post@firma.no"])
def test_an_at_sign_after_the_host_is_part_of_an_honest_link(link: str) -> None:
    assert read(Kind.LINK, link) == link


def test_naming_every_channel_is_naming_none_where_none_means_all() -> None:
    every = "telephone email chat messenger"
    assert read(Kind.CHANNELS, every, optional=True) == ()
    assert read(Kind.CHANNELS, every) == ("telephone", "email", "chat", "messenger")


def test_text_is_kept_as_the_rest_of_the_product_keeps_it() -> None:
    for text in ("Ås\r\nher", unicodedata.normalize("NFD", "éåč"), "en\ttabulator", "👩‍👩‍👧", "\u2028linje"):
        assert clean(text, 100) == clean_text(text).strip()


@pytest.mark.parametrize(
    ("value", "text"), [("5.000000000", "5"), ("100", "100"), ("1E+2", "100"), ("0.50", "0.5"), ("1E-9", "0.000000001")]
)
def test_a_decimal_is_written_in_one_way(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("spoilt", "meant"),
    [
        ("BjÃ¸rn Ã˜ye", "Bjørn Øye"),
        ("Anne Ã…s", "Anne Ås"),
        ("Bj√∏rn", "Bjørn"),
        ("Bj├©rn", "Bjørn"),
        ("BjÃƒÂ¸rn", "Bjørn"),
        ("TrÃ¸ndelag på kartet", "Trøndelag på kartet"),
        ("Ã\x81gnes", "Ágnes"),
        ("â€œnorskâ€\x9d", "“norsk”"),
    ],
)
def test_text_read_in_the_wrong_character_set_is_named_with_its_likely_reading(spoilt: str, meant: str) -> None:
    with pytest.raises(CellError) as raised:
        read(Kind.TEXT, spoilt)

    assert f"«{meant}»" in str(raised.value.message)


@pytest.mark.parametrize(
    "text", ["Bjørn Øye", "«fra A til Å»", "Čáhcesuolu", "100 °C – 5 €", "Ängelholm", "Łódź", "日本", "👩‍👩‍👧", "Ã"]
)
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert read(Kind.TEXT, text) == text


def test_the_words_of_others_are_kept_whatever_they_are() -> None:
    assert read(Kind.TEXT, "De skrev «BjÃ¸rn»", is_verbatim=True) == "De skrev «BjÃ¸rn»"
    assert read(Kind.TEXT, "-", is_verbatim=True) == "-"


@pytest.mark.parametrize("filler", ["-", "–", "N/A", "nei", "Ikke aktuelt", "null"])
def test_what_stands_for_nothing_is_no_name(filler: str) -> None:
    with pytest.raises(CellError):
        read(Kind.TEXT, filler, refuses_fillers=True)


def test_a_percentage_is_what_people_see_only_where_the_column_is_one() -> None:
    assert read(Kind.DECIMAL, "100 %", is_percent=True) == Decimal(100)
    assert read(Kind.DECIMAL, "12.5%", is_percent=True) == Decimal("12.5")
    with pytest.raises(CellError) as raised:
        read(Kind.DECIMAL, "100\u00a0%")
    assert "uten prosenttegn" in str(raised.value.message)
