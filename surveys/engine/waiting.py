"""How long a shopper waits on each channel, and how often they try (domain: performance area «Wait»)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.engine.words import CHAT, EMAIL, MESSENGER, TELEPHONE, WORKING_DAYS

USUAL_LIMITS: Mapping[str, Decimal] = {
    TELEPHONE: Decimal(300),
    CHAT: Decimal(300),
    MESSENGER: Decimal(1800),
    EMAIL: Decimal(3),
}
"""Used only where an edition has no bands for a channel; in the channel's unit."""


@dataclass(frozen=True, slots=True)
class WaitRules:
    """One channel's patience. `limit` is in `unit`; `beyond` tells whether an answer after the limit still counts."""

    channel: str
    unit: str
    limit: Decimal
    beyond: bool = False

    @property
    def most_attempts(self) -> int:
        """An e-mail is sent once; everything else gets a second attempt on another day."""
        return 1 if self.channel == EMAIL else 2

    @property
    def is_counted_in_days(self) -> bool:
        return self.unit == WORKING_DAYS

    @property
    def is_written_ahead(self) -> bool:
        """Whether the message is left behind, so that «no answer» can only be said when the time is up."""
        return self.channel in (EMAIL, MESSENGER)

    @property
    def is_waited_out(self) -> bool:
        """Whether the shopper sits and waits, so that «no answer» before the limit needs its reason."""
        return not self.is_written_ahead

    def accepts(self, wait: Decimal) -> bool:
        """Whether an answer after `wait` (in `unit`) is an answer; a later one is none."""
        return self.beyond or wait <= self.limit
