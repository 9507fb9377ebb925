"""Finding an edition by the code people type."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.models import Edition


class EditionNotFound(LookupError):
    """There is no edition of that code; the text says so in the reader's language."""

    def __str__(self) -> str:
        return _("Det finnes ingen årgang med koden «%(code)s».") % {"code": self.args[0]}


def edition_by_code(code: str) -> Edition:
    """The edition called `code`. Raises: EditionNotFound."""
    edition = Edition.objects.filter(code=code).first()
    if edition is None:
        raise EditionNotFound(code)
    return edition
