"""Whether every address belongs to one person: an address opens an account, and an account is one person's."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from awards.package.format.parsed import ParsedPackage
from awards.package.format.problems import ProblemCollector, sentence
from awards.package.format.rows import ParticipantRow, ShopperRow
from kundeservice.core.addresses import normalised_address


@dataclass(frozen=True, slots=True)
class _Place:
    participant: str
    column: str
    row: int


def check_people(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """No two shoppers share an address, and none has a participant's: they would become one account without a word."""
    companies = _addresses_of_participants(parsed)
    seen: dict[str, int] = {}
    shopper: ShopperRow
    for number, shopper in parsed.tables["shoppers"].numbered():
        address = normalised_address(shopper.email)
        first = seen.setdefault(address, number)
        if first != number:
            message = sentence(
                _("Adressen står også i rad %(row)s. To personer kan ikke logge inn med samme adresse; rett den ene."),
                row=first,
            )
            problems.add("shoppers", row=number, column="email", value=shopper.email, message=message)
        place = companies.get(address)
        if place:
            message = sentence(
                _(
                    "Adressen er også «%(column)s» for deltakeren «%(participant)s» («participants», rad %(row)s). "
                    "En mystery shopper kan ikke være deltakerens egen kontaktperson; rett en av dem."
                ),
                column=place.column,
                participant=place.participant,
                row=place.row,
            )
            problems.add("shoppers", row=number, column="email", value=shopper.email, message=message)


def _addresses_of_participants(parsed: ParsedPackage) -> dict[str, _Place]:
    """Address → where it is some participant's. Participants may share one: an agency can speak for several."""
    found: dict[str, _Place] = {}
    row: ParticipantRow
    for number, row in parsed.tables["participants"].numbered():
        for column, address in (("report_email", row.report_email), ("email", row.email)):
            if address:
                found.setdefault(normalised_address(address), _Place(row.code, column, number))
    return found
