"""A participant's report as pages: one message each, the picture that shows it, the table behind it.

Plain data and words; `rendering` turns it into HTML. Every page copes with figures that have no basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import override

from awards.report.document import figures, sentences
from awards.report.document.answers import contact_lines, question_line, quotation_blocks
from awards.report.document.pages import Cell, Document, Page, Table
from awards.report.document.quoting import typesettable
from awards.report.document.tables import (
    band_words,
    comparison_table,
    difference_cell,
    interval_edges,
    metric_text,
    score_text,
    share_text,
)
from awards.report.queries.report_data import Loss, ReportData, losses_by_area
from awards.studies.certainty import who_could_be_best
from kundeservice.core.numbers import format_number
from scoring.models import AwardKind
from surveys.models import Area, Metric

FITS_ONE_LINE, FITS_THREE_LINES = 22, 60
"""Characters of a name at full and at middle size on the cover."""

METRIC_WORDS = {
    Metric.CES.value: "hvor lett det var, 1–7",
    Metric.CSAT.value: "hvor fornøyd, 1–5",
    Metric.NPS.value: "andel 9–10 minus andel 0–6, −100 til +100",
    Metric.VES1.value: "verdi, 1–7",
    Metric.VES2.value: "tillit, 1–7",
}
SAMPLE_NOTE = """
{contacts} henvendelser er et utvalg. Med andre tilfeldige henvendelser ville totalresultatet i 95 av 100 tilfeller
havnet mellom {low} og {high}.
"""
EFFECT_NOTE = """
Utslaget er forskjellen til klassesnittet på samme kontaktmåte, ganget med hvor stor del av henvendelsene som kom der.
Er ingen andre i klassen målt på kontaktmåten, brukes snittet for alle.
"""
METHOD_NOTES = """
{planned} henvendelser er planlagt til hver deltaker, hver av en ny person som opptrer som mulig privatkunde. Bare
henvendelser som er gjennomgått og godkjent, teller.

Etter et svar fyller shopperen ut spørreskjemaet. Et område får poeng oppnådd delt på poeng mulige, ganget med 100.
«Ikke aktuelt» og spørsmål som ikke hører til kontaktmåten, holdes utenfor både over og under brøkstreken.

Områdene veies slik: {weights}. Mangler et område score, fordeles vekten på de andre.

Totalresultatet er snittet av alle tellende henvendelser, der ikke svar er 0. Score besvarte er snittet av dem som fikk
svar. Klassesnittet er snittet av deltakernes tall; andelen uten svar og målene for kundeopplevelse er regnet av alle
svarene i klassen under ett, og tallene for alle av alle svarene i kåringen.

Minst {least} tellende henvendelser må til for å bli rangert. Plassen avgjøres av totalresultatet, så score besvarte, så
kundebehandleren; er alle tre like, deles plassen.

Alt er regnet med hele brøker og rundet av først her i rapporten, til én desimal. Forskjeller og summer er regnet før
avrundingen, så de kan være 0,1 større eller mindre enn de avrundede tallene ved siden av tilsier.

Tallene er regnet ut fra svar med kontrollsummen {digest}.
"""


def compose(data: ReportData) -> Document:
    """Write the report of one participant."""
    data = typesettable(data)
    pages = (
        _total_page(data),
        _losses_page(data),
        _areas_page(data),
        _channels_page(data),
        _answers_page(data),
        _experience_page(data),
        *_question_pages(data),
        _quotations_page(data),
        _contacts_page(data),
        _method_page(data),
    )
    return Document(
        title=f"{data.name} – {data.edition}",
        award=data.award,
        edition=data.edition,
        name=data.name,
        name_size=_name_size(data.name),
        class_name=data.class_name,
        total=score_text(data.total.own),
        facts=_facts(data),
        prizes=_prizes(data),
        pages=tuple(page for page in pages if page is not None),
    )


def _facts(data: ReportData) -> tuple[tuple[str, str], ...]:
    answered = ("Fikk svar", f"{data.answered} av {data.contacts}")
    if not data.ranked:
        return (("Plass", "Ikke rangert"), answered)
    overall = ("Plass blant alle", f"{data.rank_overall} av {data.everyone_ranked}")
    if data.is_alone:
        return (overall, answered)
    return (("Plass i klassen", f"{data.rank_in_class} av {data.class_ranked}"), overall, answered)


def _prizes(data: ReportData) -> tuple[str, ...]:
    """The greatest first."""
    titles = {kind.value: str(kind.label) for kind in AwardKind}
    titles[AwardKind.CLASS.value] = f"Klassevinner: {data.class_name}"
    first = (AwardKind.OVERALL.value, AwardKind.CLASS.value)
    order = sorted(data.awards, key=lambda kind: first.index(kind) if kind in first else len(first))
    return tuple(titles[kind] for kind in order)


def _name_size(name: str) -> str:
    """How large the name stands on the cover: a long one must still fit."""
    if len(name) <= FITS_ONE_LINE:
        return "large"
    return "medium" if len(name) <= FITS_THREE_LINES else "small"


def _total_page(data: ReportData) -> Page:
    rows = (data.total, data.answered_total, next(row for row in data.areas if row.key == Area.AGENT.value))
    charts = (figures.totals_figure(data), figures.interval_figure(data)) if data.contacts else ()
    return Page(
        kind="figures",
        anchor="total",
        short="Totalresultatet",
        headline=sentences.total_headline(data),
        intro="Totalresultatet er snittet av alle henvendelsene. En henvendelse uten svar teller 0.",
        charts=tuple(chart for chart in charts if chart is not None),
        tables=(comparison_table("De tre tallene som offentliggjøres", rows, alone=data.is_alone),),
        notes=_sureness(data),
    )


def _sureness(data: ReportData) -> tuple[str, ...]:
    if data.interval is None:
        return ()
    low, high = (format_number(edge) for edge in interval_edges(data.interval))
    sample = SAMPLE_NOTE.format(contacts=data.contacts, low=low, high=high)
    with override("nb"):  # a report is bokmål, whoever has it made
        verdict = "" if data.verdict is None else who_could_be_best(data.verdict)
    return (sample, verdict) if verdict else (sample,)


def _losses_page(data: ReportData) -> Page | None:
    if data.total.own is None or not data.losses:
        return None
    by_area = losses_by_area(data.losses, data.areas)
    return Page(
        kind="figures",
        anchor="tap",
        short="Hvor poengene ble borte",
        headline=sentences.losses_headline(by_area),
        intro="Avstanden opp til 100 er delt på det som førte til den. Hver stolpe er poeng av totalresultatet.",
        charts=figures.loss_figures(by_area, data.losses),
        tables=(_losses_table(by_area),),
    )


def _losses_table(losses: Sequence[Loss]) -> Table:
    own = sum((loss.own for loss in losses), start=Fraction(0))
    mean = sum((loss.class_mean for loss in losses), start=Fraction(0))
    rows = [*((loss.label, loss.own, loss.class_mean) for loss in losses), ("Til sammen", own, mean)]
    return Table(
        "Tapte poeng etter område",
        ("Område", "Dere", "Klassesnitt"),
        tuple((Cell(label), Cell(score_text(own)), Cell(score_text(mean))) for label, own, mean in rows),
    )


def _areas_page(data: ReportData) -> Page:
    chart = figures.comparison_figure("Områdene", data.areas, alone=data.is_alone)
    return Page(
        kind="figures",
        anchor="omrader",
        short="Prestasjonsområdene",
        headline=sentences.areas_headline(data),
        intro="Områdene måles på henvendelsene som fikk svar. Tallet i parentes er vekten i totalresultatet.",
        charts=(chart,) if chart else (),
        tables=(comparison_table("Områdene", data.areas, alone=data.is_alone),),
    )


def _channels_page(data: ReportData) -> Page | None:
    if not data.channels:
        return None
    chart = figures.comparison_figure(
        "Kontaktmåtene", [facts.comparison for facts in data.channels], alone=data.is_alone
    )
    table = Table(
        "Kontaktmåtene",
        ("Kontaktmåte", "Henvendelser", "Dere", "Klassesnitt", "Alle", "Utslag"),
        tuple(
            (
                Cell(facts.comparison.label),
                Cell(str(facts.contacts)),
                Cell(score_text(facts.comparison.own)),
                Cell(score_text(facts.comparison.class_mean)),
                Cell(score_text(facts.comparison.all_mean)),
                difference_cell(facts.effect),
            )
            for facts in data.channels
        ),
    )
    return Page(
        kind="channels",
        anchor="kontaktmater",
        short="Kontaktmåtene",
        headline=sentences.channels_headline(data.channels),
        intro="Snittet av alle henvendelsene på hver kontaktmåte, også dem som ikke fikk svar.",
        charts=(chart,) if chart else (),
        tables=(table,),
        notes=(EFFECT_NOTE,),
    )


def _answers_page(data: ReportData) -> Page | None:
    chart = figures.answers_figure(data.channels)
    if chart is None:
        return None
    share = data.unanswered
    shares = Table(
        "Andel av henvendelsene som ikke fikk svar",
        ("", "Dere", "Klassesnitt", "Lavest i klassen", "Alle"),
        (
            (
                Cell(share.label),
                *(Cell(share_text(value)) for value in (share.own, share.class_mean, share.class_best, share.all_mean)),
            ),
        ),
    )
    waits = Table(
        "Når svarene kom",
        ("Kontaktmåte", "Ventetid (score): antall svar", "Ikke svar"),
        tuple(
            (Cell(facts.comparison.label), Cell(band_words(facts)), Cell(str(facts.contacts - facts.answered)))
            for facts in data.channels
        ),
    )
    return Page(
        kind="answers",
        anchor="svar",
        short="Svar og ventetid",
        headline=sentences.answers_headline(data),
        intro="Jo før svaret kommer, desto høyere score for ventetiden. Uten svar får hele henvendelsen 0.",
        charts=(chart,),
        tables=(shares, waits),
        questions=tuple(
            question_line(row, data) for row in data.questions if row.area == Area.WAIT.value and row.asked
        ),
    )


def _experience_page(data: ReportData) -> Page | None:
    if not data.metrics:
        return None
    table = Table(
        "Kundeopplevelsen",
        ("Mål", "Dere", "Klassesnitt", "Alle"),
        tuple(
            (
                Cell(f"{metric.label}: {METRIC_WORDS[metric.key]}"),
                *(Cell(metric_text(metric.key, each)) for each in (metric.own, metric.class_mean, metric.all_mean)),
            )
            for metric in data.metrics
        ),
    )
    return Page(
        kind="experience",
        anchor="kundeopplevelse",
        short="Kundeopplevelsen",
        headline=sentences.experience_headline(data.metrics, alone=data.is_alone),
        intro="Disse tallene står for seg og påvirker ikke totalresultatet.",
        charts=figures.metric_figures(data.metrics, alone=data.is_alone),
        tables=(table,),
        questions=tuple(question_line(row, data) for row in data.questions if row.area == Area.CX.value and row.asked),
    )


def _question_pages(data: ReportData) -> tuple[Page, ...]:
    # What is asked about the wait stands with the wait itself.
    areas = [area for area in data.areas if area.key != Area.WAIT.value]
    asked = {area: [row for row in data.questions if row.area == area.key and row.asked] for area in areas}
    return tuple(
        Page(
            kind="questions",
            anchor=f"sporsmal-{area.key}",
            short=f"Spørsmålene: {area.label}",
            headline=sentences.questions_headline(area.key, rows, alone=data.is_alone),
            questions=tuple(question_line(row, data) for row in rows),
        )
        for area, rows in asked.items()
        if rows
    )


def _quotations_page(data: ReportData) -> Page | None:
    if not data.quotations:
        return None
    return Page(
        kind="quotations",
        anchor="kommentarer",
        short="Kommentarene",
        headline=sentences.quotations_headline(data),
        intro="Slik de ble skrevet rett etter henvendelsen. Navn på ansatte er tatt bort.",
        quotations=quotation_blocks(data.quotations),
    )


def _contacts_page(data: ReportData) -> Page:
    return Page(
        kind="contacts",
        anchor="henvendelser",
        short="Alle henvendelsene",
        headline=sentences.contacts_headline(data),
        intro="Dag og klokkeslett vises ikke, for ingen ansatt skal kunne kjennes igjen.",
        contacts=contact_lines(data.contact_rows),
    )


def _method_page(data: ReportData) -> Page:
    weights = ", ".join(f"{row.label.lower()} {format_number(row.weight or 0, 0)} prosent" for row in data.areas)
    known = {
        "planned": data.contacts_per_participant,
        "weights": weights,
        "least": data.min_counted,
        "digest": data.digest,
    }
    return Page(
        kind="method",
        anchor="metode",
        short="Slik er tallene laget",
        headline=f"Slik ble {sentences.counted(data.contacts, 'henvendelse', 'henvendelser')} til ett tall",
        notes=tuple(METHOD_NOTES.strip().format(**known).split("\n\n")),
    )
