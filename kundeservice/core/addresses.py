"""What an e-mail address is: one rule for imports, the log-in form, the office, the technical admin, the command line.

The rule is the one Django's own form fields have, so that whoever is let in at one door can be mailed and can log in.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from kundeservice.core.text import without_invisible

LONGEST_ADDRESS = 254
_is_mailable = EmailValidator(allowlist=[])


def read_address(text: str) -> str:
    """The address somebody wrote, without blanks around it and without characters nobody sees.

    Raises ValidationError for what no mail can be sent to.
    """
    address = without_invisible(text).strip()
    if len(address) > LONGEST_ADDRESS or '"' in address:
        raise ValidationError(_refusal(address))
    try:
        _is_mailable(address)
    except ValidationError as error:
        raise ValidationError(_refusal(address)) from error
    return address


def normalised_address(text: str) -> str:
    """The one spelling under which an address opens an account: lower case, its domain as mail servers write it.

    Text that is no address comes back cleaned as far as it goes, and is nobody's.
    """
    address = without_invisible(text).strip().lower()
    name, at, domain = address.rpartition("@")
    if address.isascii() or not at:
        return address
    try:
        return f"{name}@{punycode(domain)}"
    except UnicodeError:
        return address


def _refusal(address: str) -> Any:
    """What to mend, naming letters only where they are what is in the way."""
    if not address.rpartition("@")[0].isascii():
        return _("Denne adressen kan ikke motta post. Skriv én adresse, som navn@eksempel.no, uten æ, ø og å foran @.")
    return _("Denne adressen kan ikke motta post. Skriv én hel adresse, som navn@eksempel.no.")


class AddressField(forms.EmailField):
    """An e-mail address in a form, read by `read_address`."""

    # The rule is applied in `to_python`, which also takes away what nobody sees.
    default_validators: list[Any] = []

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return read_address(text) if text else ""
