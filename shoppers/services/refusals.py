"""Why nothing was planned, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


class PlanningRefused(Exception):
    """Nothing was planned. `str()` of it is a sentence in the reader's language."""


class RepairNeeded(PlanningRefused):
    """Contacts are made, begun or annulled, so a plan can only be mended."""

    def __init__(self) -> None:
        super().__init__(
            _("Noen av henvendelsene er begynt eller annullert, så planen kan bare repareres, ikke lages på nytt.")
        )


class InputChanged(PlanningRefused):
    """Participants, shoppers or contacts changed since the planner began to think."""

    def __init__(self) -> None:
        super().__init__(_("Grunnlaget ble endret mens planen ble laget. Planlegg en gang til."))


class PlanImpossible(PlanningRefused):
    """No plan keeps every rule. `reasons` say why and what would help, a sentence or two each."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class ShopperRefused(PlanningRefused):
    """What is said about a shopper goes against what is made already, or is known."""


class ProposalDecided(PlanningRefused):
    """Somebody has taken the proposal into use or discarded it."""

    def __init__(self) -> None:
        super().__init__(_("Forslaget er alt tatt i bruk eller forkastet."))


class PlanningUnderWay(PlanningRefused):
    """The planner is at work on the edition already."""

    def __init__(self) -> None:
        super().__init__(_("Planleggeren er alt i arbeid med denne årgangen. Vent til den er ferdig."))
