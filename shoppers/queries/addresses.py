"""Whose an e-mail address already is in an edition. An address opens an account, and an account is one person's."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kundeservice.core.addresses import normalised_address
from shoppers.models import Shopper
from surveys.models import AddressKind, ContactPoint, Edition, Participant, ParticipantMember


def owner_of_address(*, edition: Edition, address: str, besides: Shopper | None = None) -> str:
    """Who in the edition has the address, in words: another shopper, or a participant; empty when nobody has.

    Four queries, whatever the size of the edition.
    """
    wanted = normalised_address(address)
    others = Shopper.objects.filter(edition=edition)
    if besides is not None and besides.pk:
        others = others.exclude(pk=besides.pk)
    for name, email in others.values_list("name", "email"):
        if normalised_address(email) == wanted:
            return _("mystery shopperen %(name)s") % {"name": name}
    for name, email in _addresses_of_participants(edition):
        if normalised_address(email) == wanted:
            return _("deltakeren %(name)s") % {"name": name}
    return ""


def _addresses_of_participants(edition: Edition) -> list[tuple[str, str]]:
    """(name, address) of everybody who reads a participant's mail."""
    reports = Participant.objects.filter(edition=edition).exclude(report_email="").values_list("name", "report_email")
    points = ContactPoint.objects.filter(participant__edition=edition, kind=AddressKind.EMAIL)
    members = ParticipantMember.objects.filter(participant__edition=edition)
    return [
        *reports,
        *points.values_list("participant__name", "address"),
        *members.values_list("participant__name", "user__email"),
    ]
