"""What the office says about contacts. The rules live in the services; forms read the page and keep what was typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import VoidReason
from surveys.queries.content import MAX_COMMENT_LENGTH


class VoidForm(forms.Form):
    """Why a contact is annulled."""

    use_required_attribute = False

    reason = forms.ChoiceField(label=_("Grunn"), choices=VoidReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Hva har skjedd?"),
        help_text=_("Blir stående i loggen. Skriv ikke navn på ansatte hos deltakeren."),
        max_length=MAX_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LiftForm(forms.Form):
    """Why an annulment is taken back."""

    use_required_attribute = False

    note = forms.CharField(
        label=_("Hvorfor tas annulleringen tilbake?"),
        help_text=_("Blir stående i loggen."),
        max_length=MAX_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
