"""One figure, one source: what pages and reports show is what the results file says, at the shown rounding.

The reference is the results file alone; means of participants' values that it does not hold are the mean of the values
it does hold, as the scoring rules say. Nothing here asks the product how it works its figures out.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.test import Client

from awards.package.format.digest import package_digest
from awards.package.services import load_package
from awards.publication.files.results import write_results
from awards.publication.queries.results import results_of
from awards.publication.services.publishing import publish_edition
from awards.report.document.press import Press
from awards.report.document.rendering import report_html
from awards.report.queries.evidence import evidence_of
from awards.report.queries.reading import _Reader, report_of
from awards.report.queries.report_data import ComparedFigure
from kundeservice.core.models import Role
from scoring.engine.aggregate import exact_mean
from scoring.models import ScoreRun
from scoring.services import count_edition
from surveys.models import Answer, Contact, Edition, Outcome, Participant, ParticipantMember
from tests.awards.studies.conftest import open_seal
from tests.conftest import ClientFactory, PersonFactory
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

Row = dict[str, Any]
AREAS = {"wait": "Svar- og ventetid", "welcome": "Velkomst og mottak", "agent": "Kundebehandleren",
         "overall": "Totalinntrykk"}  # fmt: skip
CHANNELS = {"telephone": "Telefon", "email": "E-post", "chat": "Chat", "messenger": "Messenger"}
METRICS = {"ces": "CES", "csat": "CSAT", "nps": "NPS", "ves1": "VES 1", "ves2": "VES 2"}
DASH = "–"


@pytest.fixture
def run() -> ScoreRun:
    """Classes whose participants answered unlike often, so that a mean of means is not the pooled answers' mean.

    The last participant of each class got no answer but one, which makes it the odd one.
    """
    edition = believable_edition(classes=3, participants=4, contacts=20)
    for participant in Participant.objects.filter(edition=edition, code__endswith="-4"):
        answered = Contact.objects.filter(participant=participant, outcome=Outcome.ANSWERED).order_by("code")
        lost = [contact.pk for contact in answered[1:]]
        Answer.objects.filter(contact__in=lost).delete()
        Contact.objects.filter(pk__in=lost).update(outcome=Outcome.NO_ANSWER, wait=None)
    return count_edition(edition_id=edition.pk, at=AT)


@pytest.fixture
def told(run: ScoreRun) -> Row:
    """What `export_results --format json` says."""
    digest = package_digest(load_package(run.edition))
    found: Row = json.loads(
        write_results(results_of(run), file_format="json", computed_from=digest), parse_float=Decimal
    )
    return found


def shown(value: object, decimals: int = 1) -> str:
    """A figure as pages write it: comma, true minus, half up; a dash where there is none."""
    if value is None:
        return DASH
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}{abs(rounded)}".replace(".", ",")


def signed(value: object, decimals: int = 1) -> str:
    text = shown(value, decimals)
    return f"+{text}" if value is not None and not text.startswith("−") and re.search("[1-9]", text) else text


def group_mean(told: Row, rows: Iterable[Row], name: str, group: Row) -> object:
    """A class's or the edition's value: from the file where it has one, else the mean of the participants' values."""
    if name in group:
        return group[name]
    values = [Decimal(str(row[name])) for row in rows if row[name] is not None]
    return sum(values) / len(values) if values else None


# The reports -------------------------------------------------------------------------------------------------------


def layout(pdf: bytes) -> str:
    """The text of a PDF as it lies on the page, so that a line of a table is a line."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def printed_lines(text: str, label: str) -> list[list[str]]:
    """The figures of every table line that begins with a label."""
    cell = rf"(?:[+−]?\d+(?:,\d)?(?:\s%)?|{DASH})"
    line = re.compile(rf"^\s*{re.escape(label)}(?: \(\d+ %\))?(?::[^\n]*?)?((?:\s{{2,}}{cell})+)\s*$", re.MULTILINE)
    return [re.findall(cell, found[1]) for found in line.finditer(text)]


def expected_lines(told: Row, code: str) -> Iterator[tuple[str, list[str]]]:
    """Label → the figures its line must show, for every table of a report that compares."""
    own = next(row for row in told["participants"] if row["participant"] == code)
    mates = [row for row in told["participants"] if row["class"] == own["class"]]
    group = next(row for row in told["classes"] if row["class"] == own["class"])
    labels = {"total": "Totalresultat", "answered_total": "Besvarte henvendelser", **AREAS}
    for name, label in labels.items():
        mean = group_mean(told, mates, name, group)
        everybody = group_mean(told, told["participants"], name, told["summary"])
        best = max((row[name] for row in mates if row[name] is not None), default=None)
        difference = None if own[name] is None else Decimal(str(own[name])) - Decimal(str(mean))
        yield label, [shown(own[name]), shown(mean), signed(difference), shown(best), shown(everybody)]
    for name, label in CHANNELS.items():
        if own[name] is not None:
            mean = group_mean(told, mates, name, group)
            yield label, [shown(own[name]), shown(mean)]
    for name, label in METRICS.items():
        if any(row[name] is not None for row in told["participants"]):
            write = (lambda value: signed(value, 0)) if name == "nps" else shown
            yield label, [write(own[name]), write(group[name]), write(told["summary"][name])]


def compare_report(text: str, told: Row, code: str) -> int:
    """Find every expected line in the report; how many figures were compared."""
    compared = 0
    for label, figures in expected_lines(told, code):
        found = printed_lines(text, label)
        if label in CHANNELS.values():  # its line begins with the number of contacts
            found = [line[1:3] for line in found]
        assert figures in found, (label, figures, found)
        compared += len(figures)
    own = next(row for row in told["participants"] if row["participant"] == code)
    assert re.search(rf"{own['rank_in_class']} av \d+", text), "the place in the class"
    lost = own["contacts"] - own["answered"]
    assert f"{round(Decimal(100 * lost) / own['contacts'])} %" in text.replace("\xa0", " ")
    return compared


def three(told: Row) -> tuple[str, str, str]:
    """The best, the worst, and one that was hardly answered."""
    ranked = [row["participant"] for row in told["participants"]]
    odd = next(row["participant"] for row in told["participants"] if row["answered"] <= 3)
    return ranked[0], ranked[-1], odd


def test_three_reports_show_what_the_results_file_says(run: ScoreRun, told: Row, shared_press: Press) -> None:
    evidence = evidence_of(run)
    for code in three(told):
        pdf = shared_press.typeset(report_html(report_of(evidence, code)))
        assert compare_report(layout(pdf), told, code) > 40


def test_the_comparison_catches_a_mean_of_means(
    run: ScoreRun, told: Row, shared_press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutant: class figures as means of the participants' own, as they once were."""
    honest = _Reader._figure

    def mean_of_means(self: _Reader, name: str, label: str, *weight: Any, **more: Any) -> ComparedFigure:
        mean = exact_mean(value for row in self.classmates if (value := row.figure(name)) is not None)
        return replace(honest(self, name, label, *weight, **more), class_mean=mean)

    monkeypatch.setattr(_Reader, "_figure", mean_of_means)
    pdf = shared_press.typeset(report_html(report_of(evidence_of(run), three(told)[0])))
    with pytest.raises(AssertionError, match=r"CES|CSAT|NPS|VES"):
        compare_report(layout(pdf), told, three(told)[0])


# The pages ---------------------------------------------------------------------------------------------------------


def text_of(page: str) -> str:
    """What a reader sees: no tags, no scripts, one blank between words."""
    without = re.sub(r"<(script|style|title|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", without))).replace("\xad", "")


def rows_of(page: str) -> list[str]:
    """Every table line as text."""
    return [text_of(row) for row in re.findall(r"<tr\b.*?</tr>", page, flags=re.DOTALL)]


def decimals_in(text: str) -> set[str]:
    return set(re.findall(r"[+−]?\d+,\d+", text))


def known(told: Row) -> set[str]:
    """Every figure of the file as pages may show it."""
    groups = [*told["participants"], *told["classes"], told["summary"]]
    figures = [
        value
        for group in groups
        for value in group.values()
        if isinstance(value, Decimal | int) and not isinstance(value, bool)
    ]
    return {write(value) for value in figures for write in (shown, signed, lambda each: signed(each, 0))}


@pytest.fixture
def published(run: ScoreRun) -> Edition:
    publish_edition(edition_id=run.edition_id, at=AT)
    return run.edition


def test_every_figure_on_the_public_pages_stands_in_the_results_file(
    published: Edition, told: Row, client: Client
) -> None:
    classes = [row["class"] for row in told["classes"]]
    pages = {
        path: client.get(path).content.decode()
        for path in ("/", f"/resultater/{published.code}/", *(f"/resultater/{published.code}/{c}/" for c in classes))
    }
    for path, page in pages.items():
        assert decimals_in(text_of(page)), path
        assert decimals_in(text_of(page)) <= known(told), path
    everything = rows_of(pages[f"/resultater/{published.code}/"])
    for row in told["participants"]:
        own = [line for line in everything if f" {row['name']} " in line]
        figures = [shown(row[name]) for name in ("total", "answered_total", "agent")]
        assert any(line.split()[0] == str(row["rank_in_class"]) and line.split()[-3:] == figures for line in own), row
    for group in told["classes"]:
        lead = f"Klassen har {shown(group['total'])} i snitt; alle deltakere har {shown(told['summary']['total'])}."
        assert lead in text_of(pages[f"/resultater/{published.code}/{group['class']}/"])
    front = text_of(pages["/"])
    names = {row["participant"]: row for row in told["participants"]}
    for prize in told["awards"]:
        winner = names[prize["participant"]]
        figure = winner["total"] if prize["award"] in ("class", "overall") else winner[prize["award"]]
        assert re.search(rf"{re.escape(winner['name'])}.{{0,80}}?{shown(figure)}", front), prize


def test_the_participants_own_page_shows_what_the_results_file_says(
    published: Edition, told: Row, person: PersonFactory, client_for: ClientFactory
) -> None:
    for code in three(told):
        somebody = person(Role.PARTICIPANT)
        ParticipantMember.objects.create(
            user=somebody, participant=Participant.objects.get(edition=published, code=code)
        )
        page = text_of(client_for(somebody).get("/deltaker/").content.decode())
        own = next(row for row in told["participants"] if row["participant"] == code)
        group = next(row for row in told["classes"] if row["class"] == own["class"])
        for figure in (own["total"], own["answered_total"], own["agent"], group["total"]):
            assert shown(figure) in decimals_in(page) | {DASH}, (code, figure)
        assert decimals_in(page) <= known(told)


def test_the_leaders_pages_show_what_the_results_file_says(
    run: ScoreRun, told: Row, client_for: ClientFactory, person: PersonFactory
) -> None:
    open_seal(run.edition)
    leader = client_for(person(Role.LEADER))
    lines = rows_of(leader.get(f"/kontor/{run.edition.code}/resultater/").content.decode())
    for row in told["participants"]:
        own = next(line for line in lines if f" {row['name']} " in line)
        figures = [shown(row[name]) for name in ("total", "answered_total", "agent")]
        assert decimals_in(own) == set(figures) - {DASH}, row["participant"]
    for code in three(told):
        page = text_of(leader.get(f"/kontor/{run.edition.code}/resultater/{code}/hvorfor/").content.decode())
        own = next(row for row in told["participants"] if row["participant"] == code)
        assert shown(own["total"]) in decimals_in(page)
