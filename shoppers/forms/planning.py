"""What the project leader asks of the planner, and says of a shopper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundeservice.core.forms import DayField
from shoppers.forms.page import PageForm
from shoppers.models import RelationKind

THINKING_SECONDS = (10, 30, 60)
MOST_SEED = 2**31 - 1


class ProposalForm(PageForm):
    """How the planner shall think: what it may change, from which seed, and for how long at most."""

    REPAIR, ANEW = "repair", "anew"

    way = forms.ChoiceField(
        label=gettext_lazy("Hva som kan endres"),
        choices=(
            (REPAIR, gettext_lazy("Reparer: så få henvendelser som mulig")),
            (ANEW, gettext_lazy("Lag på nytt: alt kan bli annerledes")),
        ),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Frø"),
        min_value=0,
        max_value=MOST_SEED,
        initial=1,
        help_text=gettext_lazy("Et annet tall gir en annen plan. Samme tall gir samme plan igjen."),
    )
    seconds = forms.TypedChoiceField(
        label=gettext_lazy("Tenketid, høyst"),
        choices=[(seconds, gettext_lazy("%s sekunder") % seconds) for seconds in THINKING_SECONDS],
        coerce=int,
        initial=THINKING_SECONDS[1],
        help_text=gettext_lazy("Planleggeren stopper før når den ikke finner noe bedre."),
    )

    def __init__(self, *args: Any, ways: Sequence[str], **kwargs: Any) -> None:
        """`ways` are those offered now; where there is only one, it is not asked. The service has the last word."""
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = ways[0]
        if len(ways) == 1:
            self.fields["way"].widget = forms.HiddenInput()

    @property
    def is_repair(self) -> bool:
        """Whether the plan that stands is to be mended. Of a valid form."""
        return bool(self.cleaned_data["way"] == self.REPAIR)


class DropOutForm(PageForm):
    """The first day on which a shopper takes part no more."""

    from_day = DayField(
        label=gettext_lazy("Første dag uten oppdrag"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class RelationForm(PageForm):
    """Whom a shopper must never meet, and why."""

    participant = forms.ChoiceField(label=gettext_lazy("Deltaker"))
    kind = forms.ChoiceField(label=gettext_lazy("Forhold"), choices=RelationKind.choices)

    def __init__(self, *args: Any, participants: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`participants` are (code, name) of those there is no relation to yet."""
        super().__init__(*args, **kwargs)
        self.fields["participant"].choices = [("", _("Velg deltaker")), *participants]  # type: ignore[attr-defined]
