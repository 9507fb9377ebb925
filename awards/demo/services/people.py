"""Who works in the office of the demo edition."""

from __future__ import annotations

from dataclasses import dataclass

from kundeservice.core.models import Role, User
from kundeservice.core.services.people import ensure_person


@dataclass(frozen=True, slots=True)
class Staff:
    """Two leaders, for opening a seal takes two, and somebody who only reviews."""

    leader: User
    colleague: User
    reviewer: User

    @property
    def reviewers(self) -> tuple[User, ...]:
        return self.reviewer, self.leader, self.reviewer, self.colleague


def ensure_staff() -> Staff:
    return Staff(
        leader=ensure_person(
            email="prosjektleder@demo.example", display_name="Randi Prosjektleder", roles=(Role.LEADER,)
        ),
        colleague=ensure_person(email="kollega@demo.example", display_name="Kristian Kollega", roles=(Role.LEADER,)),
        reviewer=ensure_person(
            email="gjennomgang@demo.example", display_name="Gro Gjennomgang", roles=(Role.REVIEWER,)
        ),
    )
