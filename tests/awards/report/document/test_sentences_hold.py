"""What a headline claims is true of the table under it, whatever the figures are.

Every sentence is read back: the figures in it are looked up in the table as it is printed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from awards.report.document import sentences
from awards.report.document.composing import compose
from awards.report.document.pages import Page, Table
from awards.report.queries.report_data import ChannelFacts, Choice, ComparedFigure, Loss, ReportQuestion
from kundeservice.core.numbers import DASH
from surveys.models import Area, Channel
from tests.awards.report.document.test_sentences import report

NUMBER = re.compile(r"[+−]?\d+,\d")
LOSS_WORDS = {"": "henvendelser uten svar", **sentences.DEFINITE_AREAS}

scores = st.fractions(0, 100, max_denominator=997)
maybe_scores = st.none() | scores
effects = st.fractions(-30, 30, max_denominator=997)


def figure(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", "").replace(",", "."))


def figures_in(text: str) -> list[Decimal]:
    return [figure(found) for found in NUMBER.findall(text)]


def column(table: Table, heading: str) -> dict[str, Decimal]:
    """First column → the printed figure under a heading; lines without one are left out."""
    place = table.head.index(heading)
    found = {row[0].text: NUMBER.findall(row[place].text) for row in table.rows}
    return {label: figure(numbers[0]) for label, numbers in found.items() if numbers}


def page_of(document_pages: tuple[Page, ...], anchor: str) -> Page:
    return next(page for page in document_pages if page.anchor == anchor)


@st.composite
def comparisons(draw: st.DrawFn, key: str, label: str) -> ComparedFigure:
    return ComparedFigure(
        key=key,
        label=label,
        own=draw(maybe_scores),
        class_mean=draw(maybe_scores),
        class_best=Fraction(100),
        all_mean=draw(maybe_scores),
        everyone=(Fraction(50),),
        classmates=(Fraction(50),),
        weight=Decimal(25),
    )


areas = st.tuples(*(comparisons(area.value, str(area.label)) for area in Area if area != Area.CX))


@st.composite
def losses(draw: st.DrawFn) -> tuple[Loss, ...]:
    """Some causes in every area, often of the same size."""
    sizes = st.sampled_from([Fraction(0), Fraction(1, 30), Fraction(1), Fraction(102, 100)]) | st.fractions(
        0, 5, max_denominator=97
    )
    causes = [("no_answer", ""), ("wait", "wait"), *((f"q{n}", a) for n, a in enumerate(sentences.DEFINITE_AREAS))]
    causes += [(f"r{n}", a) for n, a in enumerate(("agent", "agent", "welcome"))]
    return tuple(Loss(key=key, label=key, area=area, own=draw(sizes), class_mean=draw(sizes)) for key, area in causes)


@settings(max_examples=60, deadline=None)
@given(losses=losses(), areas=areas)
def test_what_cost_most_cost_most_in_the_table(losses: tuple[Loss, ...], areas: tuple[ComparedFigure, ...]) -> None:
    missing = sum((loss.own for loss in losses), start=Fraction(0))
    data = report(losses=losses, areas=areas, total=replace(report().total, own=100 - missing))
    page = page_of(compose(data).pages, "tap")
    printed = column(page.tables[0], "Dere")
    together = printed.pop("Til sammen")
    if not missing:
        assert page.headline == "Dere fikk alle de 100 poengene"
        return
    if "kostet mest" not in page.headline:
        assert set(printed.values()) == {Decimal("0.0")}
        return
    most, lost = figures_in(page.headline)
    assert lost == together
    assert most == max(printed.values())
    labels = {"": "Ikke svar", **{row.key: row.label for row in areas}}
    for key, words in LOSS_WORDS.items():
        is_named = re.search(rf"\b{words}\b", page.headline.split(" kostet")[0], re.IGNORECASE) is not None
        assert is_named == (printed[labels[key]] == most), words


@settings(max_examples=60, deadline=None)
@given(areas=areas)
def test_the_areas_stand_as_the_table_says(areas: tuple[ComparedFigure, ...]) -> None:
    page = page_of(compose(report(areas=areas)).pages, "omrader")
    printed = column(page.tables[0], "Forskjell")
    by_key = {row.key: printed.get(f"{row.label} (25 %)") for row in areas}
    holds_best_and_worst(page.headline, {k: v for k, v in by_key.items() if v is not None}, "områdene")


def holds_best_and_worst(headline: str, printed: dict[str, Decimal], what: str) -> None:
    said = {
        (key, figure(found[1]) * (1 if found[2] == "over" else -1))
        for key, words in sentences.DEFINITE_AREAS.items()
        for found in re.finditer(rf"\b{words} ligger (\S+) (over|under)", headline, re.IGNORECASE)
    }
    assert said <= set(printed.items())
    if not printed:
        assert "ingen score" in headline
    elif f"Alle {what} ligger likt" in headline:
        assert set(printed.values()) == {Decimal("0.0")}
    else:
        ends = {value for _key, value in said}
        assert ends <= {max(printed.values()), min(printed.values())}
        if headline.startswith(f"Ingen av {what} ligger under"):
            assert min(printed.values()) >= 0
        if headline.startswith(f"Ingen av {what} ligger over"):
            assert max(printed.values()) <= 0


@st.composite
def channels(draw: st.DrawFn) -> tuple[ChannelFacts, ...]:
    used = draw(st.lists(st.sampled_from(list(Channel)), min_size=1, max_size=3, unique=True))
    alone = len(used) == 1
    found = []
    for channel in used:
        compared = draw(comparisons(channel.value, str(channel.label)))
        effect = draw(effects)
        against_class = draw(st.booleans())
        if alone:  # all contacts came on it, so the effect is the whole difference
            mean = compared.class_mean if against_class else compared.all_mean
            effect = (compared.own or Fraction(0)) - (mean or Fraction(0))
            compared = replace(compared, own=compared.own or Fraction(0))
        found.append(
            ChannelFacts(
                comparison=compared, contacts=10, answered=8, in_working_days=False, bands=(), effect=effect,
                against_class=against_class,
            )
        )  # fmt: skip
    return tuple(found)


@settings(max_examples=60, deadline=None)
@given(channels=channels())
def test_the_channels_stand_as_the_table_says(channels: tuple[ChannelFacts, ...]) -> None:
    page = page_of(compose(report(channels=channels, areas=_some_areas())).pages, "kontaktmater")
    printed = column(page.tables[0], "Utslag")
    labels = {facts.comparison.key: facts.comparison.label for facts in channels}
    if len(channels) == 1:
        own, *difference = figures_in(page.headline)
        assert own == column(page.tables[0], "Dere")[channels[0].comparison.label]
        assert [abs(printed[channels[0].comparison.label])] == (difference or [Decimal("0.0")])
        assert ("klassen" in page.headline) == channels[0].against_class
        return
    for key, label in labels.items():
        name = sentences.DEFINITE_CHANNELS[key]
        for verb, sign in (("løfter(?: dere)?", 1), ("koster", -1)):
            for found in re.finditer(rf"\b{name} {verb} (\S+?)(?: poeng|;|$)", page.headline, re.IGNORECASE):
                assert printed[label] == sign * figure(found[1])
                assert printed[label] in (max(printed.values()), min(printed.values()))
    if page.headline.startswith("Ingen kontaktmåte trekker"):
        assert min(printed.values()) >= 0
    if page.headline.startswith("Ingen kontaktmåte løfter"):
        assert max(printed.values()) <= 0
    if page.headline.startswith("Ingen av kontaktmåtene"):
        assert set(printed.values()) == {Decimal("0.0")}


def _some_areas() -> tuple[ComparedFigure, ...]:
    blank = report().total
    return tuple(
        replace(blank, key=area.value, label=str(area.label), weight=Decimal(25)) for area in Area if area != Area.CX
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[ReportQuestion, ...]:
    rows = []
    for number in range(draw(st.integers(1, 6))):
        points = draw(st.sampled_from([None, Decimal(1)]))
        rows.append(
            ReportQuestion(
                code=f"q{number}", area="agent", text=f"Spørsmål {number}?",
                own=draw(maybe_scores) if points else None, class_mean=draw(maybe_scores), all_mean=draw(maybe_scores),
                asked=9, choices=(Choice("Ja", 5, points, not_applicable=False),), is_scale=False,
            )
        )  # fmt: skip
    return tuple(rows)


@settings(max_examples=60, deadline=None)
@given(rows=questions())
def test_as_many_questions_lie_above_as_the_page_shows(rows: tuple[ReportQuestion, ...]) -> None:
    data = report(questions=rows, areas=_some_areas())
    page = page_of(compose(data).pages, "sporsmal-agent")
    shown = [line for line in page.questions if line.difference.text != DASH]
    above = sum(line.difference.text.startswith("+") for line in shown)
    compared = len(shown)
    headline = page.headline
    if found := re.match(r"På (\d+) av (\d+) spørsmål med poeng", headline):
        assert (int(found[1]), int(found[2])) == (above, compared)
        assert 0 < above < compared
    elif headline.startswith("På alle"):
        assert above == compared > 1
    elif headline.startswith("På ingen"):
        assert above == 0 < compared
    elif headline.startswith("På det ene"):
        assert compared == 1
        assert [abs(each) for each in figures_in(shown[0].difference.text)] == (figures_in(headline) or [Decimal(0)])
    elif "uten poeng" in headline:
        assert not any(choice.points for row in rows for choice in row.choices)
    else:
        assert compared == 0
        assert "har ingen score" in headline


@settings(max_examples=60, deadline=None)
@given(
    areas=areas,
    total=comparisons("total", "Totalresultat"),
    rank=st.integers(1, 9),
    runner_up=maybe_scores,
)
def test_total_and_distance_are_those_of_the_table(
    areas: tuple[ComparedFigure, ...], total: ComparedFigure, rank: int, runner_up: Fraction | None
) -> None:
    total = replace(total, own=total.own or Fraction(1), weight=None)
    own = total.own or Fraction(1)
    leads = runner_up is None or runner_up <= own
    data = report(areas=areas, total=total, rank_in_class=rank, runner_up=runner_up if leads else None)
    page = page_of(compose(data).pages, "total")
    first = figures_in(page.headline)[0]
    assert first == column(page.tables[0], "Dere")["Totalresultat"]
    differences = column(page.tables[0], "Forskjell")
    assert ("Totalresultat" in differences) == (total.class_mean is not None)
    if found := re.search(r"(\S+) (over|under) klassesnittet", page.headline):
        assert figure(found[1]) * (1 if found[2] == "over" else -1) == differences["Totalresultat"]
    if "likt med klassesnittet" in page.headline:
        assert differences["Totalresultat"] == 0
