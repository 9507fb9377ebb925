"""Charts: slim SVG that says in words what it shows, the same on pages and on paper."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from kundeservice.core.charts import (
    PRINT,
    Bar,
    Bars,
    Bullet,
    Bullets,
    Chart,
    Dot,
    Dots,
    Series,
    Stack,
    Stacks,
    Strip,
    Strips,
    WeekLine,
    render_chart,
)

SVG = "{http://www.w3.org/2000/svg}"
EVERYONE = tuple(Fraction(n) for n in (40, 55, 55, 70, 88))

CHARTS: dict[str, Chart] = {
    "bars": Bars(
        "Klassevinnere", "Helt er best.", (Bar("Helt", Fraction(1893, 20), tone="award", place="1"), Bar("Nesten", 88))
    ),
    "bullets": Bullets(
        "Områder", "Over snittet.", (Bullet("Velkomst", 80, 70, 90, EVERYONE), Bullet("Ventetid", None, None, None, ()))
    ),
    "strips": Strips("Alle", "Midt på.", (Strip("Total", EVERYONE, 70, 60, 88),)),
    "dots": Dots("Hvor sikkert", "De overlapper.", (Dot("Fjell", 80, 72, 88), Dot("Fjord", 78, None, None))),
    "weeks": WeekLine("Uker", "Stiger.", ("2022-W01", "2022-W02", "2022-W03"), (Series("Fjell", (70, None, 80)),)),
    "stacks": Stacks("Svar", "De fleste sa ja.", ("Ja", "Nei"), (Stack("Lyttet?", (18, 7)), Stack("Ingen", (0, 0)))),
}


def drawn(chart: Chart, **facts: object) -> ET.Element:
    return ET.fromstring(render_chart(chart, **facts))  # type: ignore[arg-type]


def texts(svg: ET.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_title_and_a_sentence_for_those_who_do_not_see_it(name: str) -> None:
    svg = drawn(CHARTS[name])

    assert svg.get("role") == "img"
    assert [child.tag for child in list(svg)[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert (svg[0].text, svg[1].text) == (CHARTS[name].title, CHARTS[name].text)


@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_carries_style_or_script(name: str) -> None:
    """A strict content security policy refuses both, and a PDF would not read page styles."""
    for element in drawn(CHARTS[name], palette=PRINT).iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "g", "path", "text"}
        assert not {"style", "onload", "href"} & set(element.attrib)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", [320, 642])
def test_nothing_is_drawn_outside_the_picture(name: str, width: int) -> None:
    svg = drawn(CHARTS[name], width=width)

    assert svg.get("viewBox") == f"0 0 {width} {svg.get('height')}"
    for text in svg.iter(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 <= float(text.attrib["y"]) <= float(svg.attrib["height"])


def test_numbers_are_written_in_the_reader_s_language_from_the_exact_value() -> None:
    assert "94,7" in texts(drawn(CHARTS["bars"], language="nb"))
    assert "94.7" in texts(drawn(CHARTS["bars"], language="en"))


def test_a_name_cannot_break_out_of_the_picture() -> None:
    svg = drawn(Bars("<b>", "&", (Bar('<script>"', 1),)))

    assert svg[0].text == "<b>"
    assert any("<script>" in text for text in texts(svg))
    assert not list(svg.iter("script"))


def test_a_missing_value_is_a_dash_and_no_mark() -> None:
    svg = drawn(Bars("t", "s", (Bar("Uten svar", None),)))

    assert "–" in texts(svg)


@pytest.mark.parametrize("value", [-1, 101])
def test_a_value_outside_the_scale_is_the_caller_s_mistake(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        render_chart(Bars("t", "s", (Bar("a", value),)))
