"""Which hard rule forbids a place, in the leader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shoppers.planner import Rule, Violation

WHY: Mapping[Rule, str | Promise] = {
    Rule.CONTACTS_PER_CHANNEL: _("deltakeren skal ikke ha flere henvendelser på denne kontaktmåten"),
    Rule.MEETS_ONCE: _("mystery shopperen møter deltakeren fra før"),
    Rule.UNRELATED: _("mystery shopperen har et forhold til deltakeren"),
    Rule.USABLE_CHANNEL: _("mystery shopperen bruker ikke denne kontaktmåten"),
    Rule.MAX_CONTACTS: _("mystery shopperen har fullt"),
    Rule.MAX_PER_WEEK: _("mystery shopperen har full uke"),
    Rule.AVAILABILITY: _("mystery shopperen er ikke tilgjengelig da"),
    Rule.WORKING_DAY: _("dagen er ikke en virkedag som er igjen i feltperioden"),
    Rule.WINDOW: _("tidsrommet er ikke åpent for denne kontaktmåten"),
    Rule.ONE_A_DAY: _("deltakeren har allerede en henvendelse den dagen"),
}


def why_refused(violations: Iterable[Violation]) -> str:
    """The rules a place would break, each once; empty where it breaks none."""
    return "; ".join(dict.fromkeys(str(WHY[violation.rule]) for violation in violations))
