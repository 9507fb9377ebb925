"""Reading one participant's report out of a count that has been opened up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from awards.report.queries.evidence import NO_ANSWER_LOSS, Evidence, ParticipantEvidence
from awards.report.queries.report_data import (
    ChannelFacts,
    Choice,
    ComparedFigure,
    Loss,
    Quotation,
    ReportContact,
    ReportData,
    ReportQuestion,
)
from awards.studies.queries.confidence import CouldBeBest
from scoring import engine
from scoring.engine.aggregate import exact_mean
from scoring.engine.answers import band_of
from scoring.engine.types import unanswered_share
from scoring.models import Award, ParticipantScore
from surveys.engine import words
from surveys.engine.weeks import month_of
from surveys.models import (
    SCORED_AREAS,
    Area,
    Channel,
    Comment,
    CommentArea,
    Contact,
    Metric,
    Outcome,
    Question,
    QuestionKind,
    WaitUnit,
)

MIDDAY_FROM, AFTERNOON_FROM = 11, 13


MIN_RIVALS = 2
"""So many must be ranked before there is anything to say about who is the best."""


def report_of(evidence: Evidence, participant_code: str) -> ReportData:
    """One participant's report. Three queries. Raises KeyError for a code the count does not know."""
    own = evidence.participants[participant_code]
    return _Reader(evidence, own).read()


class _Reader:
    """Compares one participant with its class and with everybody."""

    def __init__(self, evidence: Evidence, own: ParticipantEvidence) -> None:
        self.evidence = evidence
        self.own = own
        self.everyone = tuple(evidence.participants.values())
        self.classmates = evidence.class_of(own)
        self.class_result = evidence.classes[own.class_code]
        self.contacts = tuple(
            Contact.objects.filter(participant=own.score.participant_id, code__in=own.contacts).select_related(
                "edition"
            )
        )

    def read(self) -> ReportData:
        edition = self.evidence.run.edition
        score = self.own.score
        sure = next((row for row in self.evidence.confidence.participants if row.participant == self.own.code), None)
        return ReportData(
            award=edition.award,
            edition=edition.name,
            year=edition.year,
            starts_on=edition.starts_on,
            ends_on=edition.ends_on,
            contacts_per_participant=edition.contacts_per_participant,
            min_counted=edition.min_counted,
            digest=self.evidence.run.input_digest,
            participant=self.own.code,
            name=self.own.name,
            class_name=score.participant.award_class.name,
            class_size=len(self.classmates),
            class_ranked=sum(row.score.ranked for row in self.classmates),
            everyone=len(self.everyone),
            everyone_ranked=sum(row.score.ranked for row in self.everyone),
            ranked=score.ranked,
            rank_in_class=score.rank_in_class,
            rank_overall=score.rank_overall,
            shares_first_place=self._shares_first_place(),
            runner_up=self._runner_up(),
            contacts=score.contacts,
            answered=score.answered,
            total=self._figure("total", "Totalresultat"),
            answered_total=self._figure("answered_total", "Besvarte henvendelser"),
            areas=self._areas(),
            channels=self._channels(),
            metrics=tuple(self._figure(metric.value, metric.label) for metric in Metric if self._is_measured(metric)),
            unanswered=self._unanswered(),
            losses=self._losses(),
            questions=tuple(self._question(question) for question in self.evidence.questions),
            quotations=self._quotations(),
            contact_rows=self._contact_rows(),
            awards=self._awards(),
            interval=sure.interval if sure else None,
            verdict=self._verdict(),
        )

    def _verdict(self) -> CouldBeBest | None:
        """Who could be the best of the class; None where nobody in it is ranked, and for one who has no rivals."""
        ranked = [row for row in self.classmates if row.score.ranked]
        if len(ranked) < MIN_RIVALS:
            return None
        confidence = self.evidence.confidence
        separation = confidence.classes.get(self.own.class_code)
        could_be_best = None if separation is None else frozenset(separation.could_be_best)
        knows_spread = all(confidence.participant(row.code).interval is not None for row in ranked)
        return CouldBeBest(
            level=Decimal(str(confidence.level)),
            names=None if could_be_best is None else tuple(row.name for row in ranked if row.code in could_be_best),
            of_everybody=False,
            knows_spread=knows_spread,
            is_too_large=knows_spread and separation is None,
        )

    def _figure(self, name: str, label: str, weight: Decimal | None = None) -> ComparedFigure:
        classmates = _values(row.figure(name) for row in self.classmates)
        return ComparedFigure(
            key=name,
            label=str(label),
            own=self.own.figure(name),
            class_mean=getattr(self.class_result, name),
            class_best=max(classmates, default=None),
            all_mean=getattr(self.evidence.summary, name),
            everyone=_values(row.figure(name) for row in self.everyone),
            classmates=classmates,
            weight=weight,
        )

    def _unanswered(self) -> ComparedFigure:
        classmates = _values(_unanswered_share(row.score) for row in self.classmates)
        return ComparedFigure(
            key="unanswered",
            label="Ikke svar",
            own=_unanswered_share(self.own.score),
            class_mean=_unanswered_share(self.class_result),
            class_best=min(classmates, default=None),
            all_mean=_unanswered_share(self.evidence.summary),
            everyone=_values(_unanswered_share(row.score) for row in self.everyone),
            classmates=classmates,
        )

    def _is_measured(self, metric: Metric) -> bool:
        return any(row.figure(metric.value) is not None for row in self.everyone)

    def _rivals(self) -> tuple[ParticipantEvidence, ...]:
        """Whom a first place was won against: everybody, or the class. Nobody where there is no first place."""
        if self.own.score.rank_overall == 1:
            return tuple(row for row in self.everyone if row.score.ranked and row is not self.own)
        if self.own.score.rank_in_class == 1:
            return tuple(row for row in self.classmates if row.score.ranked and row is not self.own)
        return ()

    def _runner_up(self) -> Fraction | None:
        """The best total below a first place."""
        rivals = self._rivals()
        return rivals[0].figure("total") if rivals else None

    def _shares_first_place(self) -> bool:
        rivals = self._rivals()
        if not rivals:
            return False
        if self.own.score.rank_overall == 1:
            return rivals[0].score.rank_overall == 1
        return rivals[0].score.rank_in_class == 1

    def _areas(self) -> tuple[ComparedFigure, ...]:
        weights = self.evidence.run.edition.weights
        areas = (Area(area) for area in SCORED_AREAS)
        return tuple(self._figure(area.value, str(area.label), weight=weights[area.value]) for area in areas)

    def _channels(self) -> tuple[ChannelFacts, ...]:
        used = Counter(score.channel for score in self.own.contacts.values())
        return tuple(self._channel(Channel(channel), used[channel]) for channel in Channel.values if used[channel])

    def _channel(self, channel: Channel, contacts: int) -> ChannelFacts:
        comparison = self._figure(channel.value, str(channel.label))
        scores = [score for score in self.own.contacts.values() if score.channel == channel.value]
        bands = self.evidence.bands.get(channel.value, ())
        waits = [row.wait for row in self.contacts if row.channel == channel.value and row.wait is not None]
        reached = Counter(band_of(bands, wait) for wait in waits)
        # The class's mean on a channel nobody else in it uses is one's own: then everybody's mean says more.
        others_in_class = len(comparison.classmates) > 1
        others = comparison.class_mean if others_in_class else comparison.all_mean
        effect = None
        if comparison.own is not None and others is not None:
            effect = (comparison.own - others) * Fraction(contacts, len(self.own.contacts))
        return ChannelFacts(
            comparison=comparison,
            contacts=contacts,
            answered=sum(score.answered for score in scores),
            in_working_days=bool(bands) and bands[0].unit == WaitUnit.WORKING_DAYS,
            bands=tuple((band.up_to, band.percent, reached[band]) for band in bands),
            effect=effect,
            against_class=others_in_class,
        )

    def _losses(self) -> tuple[Loss, ...]:
        areas = {question.code: question.area for question in self.evidence.questions}
        labels = {question.code: question.text_nb for question in self.evidence.questions}
        labels[NO_ANSWER_LOSS] = "Henvendelser uten svar"
        labels[Area.WAIT.value] = "Ventetid"
        areas[Area.WAIT.value] = Area.WAIT.value
        keys = {key for row in self.classmates for key in row.losses}
        losses = [
            Loss(
                key=key,
                label=labels[key],
                area=areas.get(key, ""),
                own=self.own.losses.get(key, Fraction(0)),
                class_mean=exact_mean(
                    [row.losses.get(key, Fraction(0)) for row in self.classmates if row.score.contacts]
                )
                or Fraction(0),
            )
            for key in keys
        ]
        return tuple(sorted(losses, key=lambda loss: (-loss.own, loss.key)))

    def _question(self, question: Question) -> ReportQuestion:
        tally = self.own.tallies.get(question.code)
        chosen = tally.chosen if tally else {}
        options = self.evidence.options.get(question.code, ())
        if options:
            choices = tuple(
                Choice(
                    label=option.text_nb,
                    count=chosen.get(option.code, 0),
                    points=option.points,
                    not_applicable=option.not_applicable,
                )
                for option in options
            )
        else:
            choices = tuple(
                Choice(label=str(value), count=chosen.get(str(value), 0), points=None, not_applicable=False)
                for value in range(question.scale_min or 0, (question.scale_max or 0) + 1)
            )
        return ReportQuestion(
            code=question.code,
            area=question.area,
            text=question.text_nb,
            own=tally.score if tally else None,
            class_mean=_question_mean(self.classmates, question.code),
            all_mean=_question_mean(self.everyone, question.code),
            asked=tally.asked if tally else 0,
            choices=choices,
            is_scale=not options,
            takes_several=question.kind == QuestionKind.MULTI,
        )

    def _quotations(self) -> tuple[Quotation, ...]:
        rows = (
            Comment.objects.filter(contact__in=[row.pk for row in self.contacts])
            .select_related("contact")
            .order_by("contact__week", "contact__channel", "contact__code")
        )
        order = list(CommentArea.values)
        found = [
            Quotation(area=row.area, text=row.text, channel=row.contact.channel, month=month_of(row.contact.week))
            for row in rows
            if row.text.strip()
        ]
        return tuple(sorted(found, key=lambda quotation: order.index(quotation.area)))

    def _contact_rows(self) -> tuple[ReportContact, ...]:
        rows = [
            ReportContact(
                week=contact.week,
                channel=contact.channel,
                window=contact.window or _window(contact),
                answered=contact.outcome == Outcome.ANSWERED,
                score=self.own.contacts[contact.code].score,
            )
            for contact in self.contacts
        ]
        # Sorted by what is told, so that the order tells nothing more.
        order = list(Channel.values)
        return tuple(sorted(rows, key=lambda row: (row.week, row.window, order.index(row.channel), row.score)))

    def _awards(self) -> tuple[str, ...]:
        won = Award.objects.filter(run=self.evidence.run, participant=self.own.score.participant_id)
        return tuple(won.order_by("position").values_list("kind", flat=True))


def _values(values: Iterable[Fraction | None]) -> tuple[Fraction, ...]:
    return tuple(value for value in values if value is not None)


def _unanswered_share(row: ParticipantScore | engine.ClassResult | engine.Summary) -> Fraction | None:
    return unanswered_share(contacts=row.contacts, answered=row.answered)


def _question_mean(rows: Iterable[ParticipantEvidence], code: str) -> Fraction | None:
    return exact_mean(_values(row.tallies[code].score for row in rows if code in row.tallies))


def _window(contact: Contact) -> str:
    """The part of the day of a contact that was brought in with a time and without a window."""
    if contact.contacted_at is None:
        return ""
    hour = contact.contacted_at.astimezone(contact.edition.tzinfo).hour
    if hour < MIDDAY_FROM:
        return words.MORNING
    return words.MIDDAY if hour < AFTERNOON_FROM else words.AFTERNOON
