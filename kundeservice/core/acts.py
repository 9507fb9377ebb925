"""What each act of the audit trail is called on the screen. One word for an act, wherever it is told."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

HANDED_IN = "response.handed_in"
"""The one act of a shopper that has a line."""
MOVED, GIVEN, TAKEN_BACK = "contact.moved", "contact.given", "contact.taken_back"
ANNULLED = "contact.voided"
"""The acts by hand that take a contact from a shopper; what they had is read from their lines."""

ACTS: dict[str, str | Promise] = {
    GIVEN: gettext_lazy("Ga en henvendelse til en annen"),
    MOVED: gettext_lazy("Flyttet en henvendelse"),
    TAKEN_BACK: gettext_lazy("Tok en henvendelse ut av planen"),
    "contact.void_asked": gettext_lazy("Ba om å annullere en henvendelse"),
    "contact.void_lifted": gettext_lazy("Tok tilbake en annullering"),
    "contact.void_withdrawn": gettext_lazy("Avslo eller trakk ønsket om en annullering"),
    ANNULLED: gettext_lazy("Annullerte en henvendelse"),
    "edition.corrected": gettext_lazy("Publiserte en rettelse"),
    "edition.counted": gettext_lazy("Beregnet resultatene"),
    "edition.exported": gettext_lazy("Lastet ned årgangspakken"),
    "edition.imported": gettext_lazy("Importerte årgangen"),
    "edition.locked": gettext_lazy("Låste årgangen"),
    "edition.phase_changed": gettext_lazy("Flyttet årgangen til en annen fase"),
    "edition.plan_repaired": gettext_lazy("Reparerte planen"),
    "edition.planned": gettext_lazy("Laget planen"),
    "edition.proposal_discarded": gettext_lazy("Forkastet et forslag til plan"),
    "edition.published": gettext_lazy("Publiserte resultatene"),
    "edition.unlocked": gettext_lazy("Opphevet låsen"),
    "publication.cancelled": gettext_lazy("Avlyste publiseringen"),
    "publication.scheduled": gettext_lazy("Planla publiseringen"),
    "publication.withheld": gettext_lazy("Holdt publiseringen tilbake"),
    "report.downloaded": gettext_lazy("Lastet ned en rapport"),
    "reports.ordered": gettext_lazy("Bestilte rapportene"),
    "response.approved": gettext_lazy("Godkjente en besvarelse"),
    HANDED_IN: gettext_lazy("Leverte en besvarelse"),
    "response.redacted": gettext_lazy("Endret ordlyden i en kommentar"),
    "response.returned": gettext_lazy("Sendte en besvarelse tilbake"),
    "response.taken_over": gettext_lazy("Tok over en returnert besvarelse"),
    "results.seen": gettext_lazy("Så resultatene før publisering"),
    "seal.lock.agreed": gettext_lazy("Godkjente å låse årgangen"),
    "seal.lock.asked": gettext_lazy("Ba om å låse årgangen"),
    "seal.lock.withdrawn": gettext_lazy("Avslo eller trakk ønsket om å låse årgangen"),
    "seal.publish.agreed": gettext_lazy("Godkjente å publisere resultatene"),
    "seal.publish.asked": gettext_lazy("Ba om å publisere resultatene"),
    "seal.publish.withdrawn": gettext_lazy("Avslo eller trakk ønsket om å publisere resultatene"),
    "seal.unlock.agreed": gettext_lazy("Godkjente å oppheve låsen"),
    "seal.unlock.asked": gettext_lazy("Ba om å oppheve låsen"),
    "seal.unlock.withdrawn": gettext_lazy("Avslo eller trakk ønsket om å oppheve låsen"),
    "seal.view.agreed": gettext_lazy("Godkjente innsyn i resultatene"),
    "seal.view.asked": gettext_lazy("Ba om innsyn i resultatene"),
    "seal.view.withdrawn": gettext_lazy("Avslo eller trakk ønsket om innsyn"),
    "seal.viewers_set": gettext_lazy("Bestemte hvor mange som må være enige om innsyn"),
    "shopper.added": gettext_lazy("La til en mystery shopper"),
    "shopper.changed": gettext_lazy("Endret opplysninger om en mystery shopper"),
    "shopper.dropped_out": gettext_lazy("Registrerte at en mystery shopper faller fra"),
    "shopper.relation_added": gettext_lazy("La til et forhold"),
    "shopper.relation_removed": gettext_lazy("Fjernet et forhold"),
    "shopper.removed": gettext_lazy("Fjernet en mystery shopper"),
    "shopper.stays": gettext_lazy("Registrerte at en mystery shopper blir likevel"),
}


def name_of(action: str) -> str:
    """The act in the reader's language. One without a name is shown by its key, so that nothing is hidden."""
    return str(ACTS.get(action, action))
