"""Somebody else was quicker: what one was about to change is not there any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row")


class GoneMeanwhile(Exception):
    """What a page showed has been taken away before anybody could hold it. `str()` of it is a sentence.

    No view needs to catch it: `core.middleware.TellWhatIsGone` answers 404 with the sentence.
    """

    def __init__(self) -> None:
        super().__init__(
            _(
                "Noen andre har nettopp tatt dette bort, så det du valgte, er ikke gjort. "
                "Gå tilbake, og se hva som står nå."
            )
        )


def still_there(rows: QuerySet[Any, Row]) -> Row:
    """The one row a service looks up to hold or change it. Raises: GoneMeanwhile when it is not there any more."""
    row = rows.first()
    if row is None:
        raise GoneMeanwhile
    return row
