"""What people have made of an edition here, which no file may take away or reset."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.models import EditionImport
from awards.package.format import EditionPackage
from awards.package.format.differences import TableChange, contact_sums, differences
from awards.package.format.tables import WEIGHT_KEYS
from surveys.models import Edition, Response, ReviewEvent

SHOWN_NAMES = 10
"""So many are named; the rest is a number."""
RULES = ("questions", "options", "wait_bands")
"""What answers are given to and judged by. It stands still once somebody has answered here."""
RULES_OF_EDITION = frozenset(WEIGHT_KEYS)


def contacts_with_work(edition: Edition, now: EditionPackage) -> frozenset[str]:
    """The contacts somebody has worked on here: with a draft, a review, or anything else no import has brought.

    `now` is the edition as a package. Three queries.
    """
    ours = {
        *Response.objects.filter(contact__edition=edition).values_list("contact__code", flat=True),
        *ReviewEvent.objects.filter(contact__edition=edition).values_list("contact__code", flat=True),
    }
    known = EditionImport.objects.filter(edition=edition).values_list("contacts", flat=True).first() or {}
    tried = {row.contact for row in now.attempts}
    begun = {row.code for row in now.contacts if row.outcome or row.contacted_at or row.code in tried}
    sums = contact_sums(now)
    return frozenset(ours | {code for code in begun if known.get(code) != sums[code]})


def check_keeps_work(now: EditionPackage, package: EditionPackage, work: frozenset[str]) -> str:
    """Why the package would lose work, by name and number; empty where it would not."""
    if not work:
        return ""
    before, after = contact_sums(now), contact_sums(package)
    lost = sorted(code for code in work if code not in after)
    other = sorted(code for code in work if code in after and after[code] != before.get(code))
    rules = [change for change in differences(now, package) if _changes_rules(change)]
    sentences = [*_about_contacts(lost, other), *(_about_rules(change) for change in rules)]
    if not sentences:
        return ""
    return " ".join([_("Pakken kan ikke erstatte årgangen, for da går arbeid tapt."), *sentences, _way_on()])


def named(names: Iterable[str]) -> str:
    """``a, b, c og 12 til``."""
    every = list(names)
    shown = ", ".join(every[:SHOWN_NAMES])
    rest = len(every) - SHOWN_NAMES
    return shown if rest <= 0 else _("%(names)s og %(rest)s til") % {"names": shown, "rest": rest}


def _about_contacts(lost: list[str], other: list[str]) -> Iterable[str]:
    if lost:
        yield ngettext(
            "%(count)s henvendelse som er begynt her, mangler i pakken: %(names)s.",
            "%(count)s henvendelser som er begynt her, mangler i pakken: %(names)s.",
            len(lost),
        ) % {"count": len(lost), "names": named(lost)}
    if other:
        yield ngettext(
            "%(count)s henvendelse har fått svar eller gjennomgang her og sier noe annet i pakken: %(names)s.",
            "%(count)s henvendelser har fått svar eller gjennomgang her og sier noe annet i pakken: %(names)s.",
            len(other),
        ) % {"count": len(other), "names": named(other)}


def _changes_rules(change: TableChange) -> bool:
    if change.table == "edition":
        return bool(RULES_OF_EDITION & set(change.changed))
    return change.table in RULES


def _about_rules(change: TableChange) -> str:
    names = [*change.new, *change.changed, *change.removed]
    if change.table == "edition":
        names = sorted(RULES_OF_EDITION & set(change.changed))
    return _("%(file)s kan ikke endres når noen har svart: %(names)s.") % {
        "file": f"{change.table}.csv",
        "names": named(names),
    }


def _way_on() -> str:
    return _("Ingenting er endret. Hent årgangen ut på nytt, gjør endringene i den filen, og send den inn.")
