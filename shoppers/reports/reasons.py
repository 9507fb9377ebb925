"""Why there is no plan, and what would help, in the leader's words and with numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoppers.planner import Limits, Mend, MendKind, Reason, ReasonKind
from surveys.models import Channel

MOST_NAMES = 5
"""Names listed before the rest are counted."""


def reasons_in_words(
    reasons: Iterable[Reason], *, participants: Mapping[str, str], shoppers: Mapping[str, str]
) -> tuple[str, ...]:
    """Some sentences per reason: what is lacking, the smallest change that helps, and what would do instead.

    Names are by code. A change that mends several reasons is told once, with the first of them; what only the leader
    can correct, with each.
    """
    told: set[Mend] = set()
    words = []
    for reason in reasons:
        sentences = [_what(reason, participants=participants, shoppers=shoppers)]
        if reason.mend is not None and reason.mend.kind == MendKind.CORRECT_INPUT:
            sentences.append(_correction(reason))
        elif reason.mend is not None and reason.mend not in told:
            told.add(reason.mend)
            sentences.append(_mend(reason.mend, participants=participants, shoppers=shoppers))
            sentences.append(_instead(reason.alternative))
        words.append(" ".join(sentence for sentence in sentences if sentence))
    return tuple(dict.fromkeys(words))


def _what(reason: Reason, *, participants: Mapping[str, str], shoppers: Mapping[str, str]) -> str:
    facts: dict[str, object] = {
        "who": name_list([participants.get(code, code) for code in reason.participants]),
        "people": name_list([shoppers.get(code, code) for code in reason.shoppers]),
        "channels": channel_list(reason.channels),
        **dict(reason.numbers),
    }
    if "needed" in facts:
        facts["contacts"] = _contacts(dict(reason.numbers)["needed"])
    if reason.kind == ReasonKind.TOO_FEW_SHOPPERS:
        return _too_few_shoppers(facts)
    if reason.kind == ReasonKind.TOO_FEW_PER_WEEK:
        facts["weeks"] = _weeks(dict(reason.numbers).get("weeks", 0))
    return _sentence(reason.kind) % _Lenient(facts)


def _too_few_shoppers(facts: Mapping[str, object]) -> str:
    """Who can be used is told with why the others cannot; what nobody is kept out by is left unsaid."""
    lacking = (
        _(
            "%(who)s trenger %(needed)s mystery shoppere på %(channels)s, men bare %(usable)s kan brukes: "
            "det mangler %(short)s."
        )
        if facts.get("usable")
        else _("%(who)s trenger %(needed)s mystery shoppere på %(channels)s, men ingen kan brukes.")
    )
    hindrances = {
        "related": _("%(related)s har et forhold til deltakeren"),
        "without_channel": _("%(without_channel)s bruker ikke kontaktmåten"),
        "unavailable": _("%(unavailable)s er ikke tilgjengelige"),
    }
    why = [sentence % _Lenient(facts) for name, sentence in hindrances.items() if facts.get(name)]
    sentences = [lacking % _Lenient(facts)]
    if why:
        sentences.append(_("Av %(pool)s i alt: %(why)s.") % _Lenient({**facts, "why": name_list(why)}))
    return " ".join(sentences)


def _weeks(count: int) -> str:
    return ngettext("%(count)s uke", "%(count)s uker", count) % {"count": count}


def _contacts(count: int) -> str:
    return ngettext("%(count)s henvendelse", "%(count)s henvendelser", count) % {"count": count}


class _Lenient(dict[str, object]):
    """A number the planner did not give reads as «?», never as an error while explaining an error."""

    def __missing__(self, key: str) -> str:
        return "?"


def _sentence(kind: ReasonKind) -> str:
    sentences = {
        ReasonKind.NO_CONTACTS: _("%(who)s skal ikke ha noen henvendelser."),
        ReasonKind.NO_OPEN_CHANNEL: _("%(who)s har ingen åpen kontaktmåte, men skal ha %(contacts)s."),
        ReasonKind.OVERRIDE_SUM: _(
            "%(who)s har egne antall for %(channels)s som blir %(given)s til sammen, men skal ha %(needed)s."
        ),
        ReasonKind.OVERRIDE_CLOSED: _("%(who)s har eget antall for %(channels)s, men kan ikke nås der."),
        ReasonKind.OVERRIDE_CHANNELS: _(
            "%(who)s har egne antall for %(given)s kontaktmåter, og årgangen tillater %(allowed)s."
        ),
        ReasonKind.NO_WEIGHT: _("Fordelingsnøkkelen gir ingen henvendelser til %(channels)s hos %(who)s."),
        ReasonKind.UNKNOWN_CHANNEL: _("%(who)s har en kontaktmåte som ikke finnes."),
        ReasonKind.NEGATIVE_NUMBER: _("%(who)s har et negativt antall henvendelser (%(given)s)."),
        ReasonKind.DUPLICATE_CODE: _("Koden til %(who)s%(people)s er brukt flere ganger."),
        ReasonKind.NO_WINDOW: _(
            "%(who)s har ikke åpent i noe tidsrom mellom kl. 9 og 15, men skal ha %(contacts)s på %(channels)s."
        ),
        ReasonKind.NO_WORKING_DAYS: _("Det er ingen virkedager igjen i feltperioden, men %(contacts)s å gjøre."),
        ReasonKind.PERIOD_TOO_SHORT: _(
            "%(who)s trenger %(needed)s dager, én per henvendelse, men feltperioden har bare %(days)s virkedager."
        ),
        ReasonKind.NO_SHOPPER_FOR_CHANNEL: _(
            "Ingen av de %(pool)s mystery shopperne kan bruke %(channels)s, men %(who)s trenger %(contacts)s der."
        ),
        ReasonKind.TOO_LITTLE_CAPACITY: _(
            "Mystery shopperne som kan brukes på %(channels)s hos %(who)s, har plass til %(room)s henvendelser, "
            "men det trengs %(needed)s: det mangler %(short)s."
        ),
        ReasonKind.TOO_FEW_PER_WEEK: _(
            "Grensene per uke gir plass til %(room)s av %(needed)s henvendelser på %(weeks)s: det mangler %(short)s."
        ),
        ReasonKind.NO_ROOM_IN_TIME: _(
            "%(who)s mangler tid til %(short)s av %(needed)s henvendelser på %(channels)s: de %(usable)s "
            "mystery shopperne som kan brukes, er bare tilgjengelige på %(open_days)s av %(days)s virkedager."
        ),
    }
    return sentences.get(kind, _("Planen går ikke opp for %(who)s."))


def _mend(mend: Mend, *, participants: Mapping[str, str], shoppers: Mapping[str, str]) -> str:
    who = name_list([participants.get(code, code) for code in mend.participants])
    if mend.kind == MendKind.ADD_SHOPPERS:
        return _added_shoppers(mend)
    if mend.kind == MendKind.RAISE_LIMITS:
        limits = [_limit(limit, shoppers) for limit in mend.limits]
        return _("Det hjelper å heve grensene: %(limits)s.") % {"limits": name_list(limits)}
    if mend.kind == MendKind.ADD_DAYS:
        return ngettext(
            "Det hjelper å forlenge feltperioden med %(count)s virkedag.",
            "Det hjelper å forlenge feltperioden med %(count)s virkedager.",
            mend.count,
        ) % {"count": mend.count}
    if mend.kind == MendKind.OPEN_WINDOWS:
        return _("Det hjelper å utvide tiden for henvendelser til kl. 9–15.")
    if mend.kind == MendKind.LEAVE_OUT:
        return _("Ta %(who)s ut av årgangen, eller gi dem henvendelser.") % {"who": who}
    return _("Rett opplysningene og prøv igjen.")


def _instead(alternative: Mend | None) -> str:
    """What would do just as well: the planner looks for people who could be added."""
    if alternative is None:
        return ""
    return ngettext(
        "Ellers hjelper det med %(count)s mystery shopper til som kan bruke %(channels)s og ta %(contacts)s.",
        "Ellers hjelper det med %(count)s mystery shoppere til som kan bruke %(channels)s og ta %(contacts)s hver.",
        alternative.count,
    ) % _newcomers(alternative)


def _correction(reason: Reason) -> str:
    """What to do about what is given, where only the leader knows what was meant."""
    if reason.kind == ReasonKind.OVERRIDE_SUM:
        return _wrong_sum(dict(reason.numbers))
    corrections = {
        ReasonKind.NO_OPEN_CHANNEL: _("Fyll inn telefon, e-post, chat eller Messenger."),
        ReasonKind.OVERRIDE_CLOSED: _("Fyll inn hvordan deltakeren nås der, eller fjern antallet."),
        ReasonKind.OVERRIDE_CHANNELS: _("Samle henvendelsene på færre kontaktmåter."),
        ReasonKind.NO_WEIGHT: _("Gi en av deltakerens kontaktmåter vekt i fordelingsnøkkelen."),
    }
    return corrections.get(reason.kind) or _("Rett opplysningene og prøv igjen.")


def _wrong_sum(numbers: Mapping[str, int]) -> str:
    surplus = numbers.get("given", 0) - numbers.get("needed", 0)
    if surplus > 0:
        return _("Det hjelper å ta bort %(contacts)s.") % {"contacts": _contacts(surplus)}
    return _("Det hjelper å legge til %(contacts)s.") % {"contacts": _contacts(-surplus)}


def _added_shoppers(mend: Mend) -> str:
    return ngettext(
        "Det hjelper med %(count)s mystery shopper til som kan bruke %(channels)s og ta %(contacts)s.",
        "Det hjelper med %(count)s mystery shoppere til som kan bruke %(channels)s og ta %(contacts)s hver.",
        mend.count,
    ) % _newcomers(mend)


def _newcomers(mend: Mend) -> Mapping[str, object]:
    return {
        "count": mend.count,
        "channels": channel_list(mend.channels),
        "contacts": _contacts(mend.max_contacts),
    }


def _limit(limit: Limits, shoppers: Mapping[str, str]) -> str:
    return _("%(name)s til %(total)s i alt og %(weekly)s per uke") % {
        "name": shoppers.get(limit.shopper, limit.shopper),
        "total": limit.max_contacts,
        "weekly": limit.max_per_week,
    }


def channel_list(channels: Sequence[str]) -> str:
    """Channels as one reads them: «telefon og e-post»."""
    return name_list([channel_in_words(code) for code in channels if code in Channel.values])


def channel_in_words(code: str) -> str:
    """A channel inside a sentence; Messenger is a name and keeps its capital."""
    label = str(Channel(code).label)
    return label if code == Channel.MESSENGER else label.lower()


def name_list(names: Sequence[str]) -> str:
    """Names in a row: «A, B og C», «A, B, C, D, E og 7 til»."""
    shown = list(names[:MOST_NAMES])
    rest = len(names) - len(shown)
    if rest:
        shown.append(_("%(count)s til") % {"count": rest})
    if len(shown) < 2:
        return "".join(shown)
    return _("%(first)s og %(last)s") % {"first": ", ".join(shown[:-1]), "last": shown[-1]}
