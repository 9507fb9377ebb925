"""The form in front of every door: an address, to which a code is sent."""

from __future__ import annotations

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from kundeservice.core.addresses import AddressField, normalised_address


class LoginCodeForm(RequestLoginCodeForm):
    """Asks for the address. The browser does not judge it first: it would refuse characters nobody sees."""

    email = AddressField(
        label=_("E-postadresse"),
        widget=forms.TextInput(
            attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_email(self) -> str:
        self.cleaned_data["email"] = normalised_address(self.cleaned_data["email"])
        return str(super().clean_email())
