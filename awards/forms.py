"""Forms of the project leader's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.models import Publication
from kundeservice.core.forms import DayField
from kundeservice.core.local_time import NoSuchMoment, moment_of
from surveys.models import Edition
from surveys.queries.gates import Undone
from surveys.queries.sealing import UNSEEN


class PublicationForm(forms.Form):
    """When the results become public: at once, or at a date and time in the edition's own time zone.

    A correction of what the world sees already is published at once.
    """

    when = forms.ChoiceField(
        label=_("Når skal resultatene bli synlige?"),
        choices=(("later", _("På et tidspunkt")), ("now", _("Nå"))),
        widget=forms.RadioSelect,
        initial="later",
    )
    on = DayField(label=_("Dato"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    at = forms.TimeField(
        label=_("Klokkeslett"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    shows_confidence = forms.BooleanField(
        label=_("Vis hvor sikre resultatene er"),
        required=False,
        help_text=_("Hver klasse får en linje om usikkerheten i førsteplassen og hvem som kan være best."),
    )
    reason = forms.CharField(
        label=_("Hvorfor publiseres det likevel?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Begrunnelsen blir stående i loggen."),
    )
    confirmed = forms.BooleanField(label=_("Jeg har kontrollert resultatene og vil gjøre dem offentlige."))

    def __init__(
        self,
        *args: Any,
        edition: Edition,
        publication: Publication | None,
        undone: Collection[Undone] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = bool(undone)
        if not undone:
            self.fields["reason"].widget = forms.HiddenInput()
        if any(part.kind == UNSEEN for part in undone):
            # Nobody can have checked what nobody could see.
            self.fields["confirmed"].label = _("Jeg vil gjøre resultatene offentlige uten at noen har kontrollert dem.")
        self.edition = edition
        self.is_correction = publication is not None and publication.is_published
        if publication is not None:
            self.initial["shows_confidence"] = publication.shows_confidence
        if self.is_correction:
            for name in ("when", "on", "at"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Sets `publish_at`: an aware time, or None for at once."""
        data = super().clean() or {}
        data["publish_at"] = None
        if self.is_correction or data.get("when") == "now":
            return data
        if not data.get("on") or not data.get("at"):
            raise forms.ValidationError(_("Velg både dato og klokkeslett, eller «Nå»."))
        try:
            data["publish_at"] = moment_of(dt.datetime.combine(data["on"], data["at"]), self.edition.tzinfo)
        except NoSuchMoment as problem:
            raise forms.ValidationError({"at": str(problem)}) from problem
        return data


class PackageUploadForm(forms.Form):
    """The edition package a leader brings, as .zip or .xlsx."""

    package = forms.FileField(
        label=_("Årgangspakke"),
        help_text=_("En .zip med CSV-filene eller én .xlsx-arbeidsbok, høyst 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.xlsx"}),
    )
    replace = forms.BooleanField(
        label=_("Erstatt årgangen hvis den finnes fra før"),
        required=False,
        help_text=_("Du ser hva som blir nytt, endret og fjernet før noe skjer. Det folk har gjort, blir stående."),
    )
