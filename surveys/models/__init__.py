"""What is asked, of whom, and what came back."""

from surveys.models.choices import (
    SCORED_AREAS,
    AddressKind,
    Area,
    AttemptResult,
    Channel,
    CommentArea,
    Metric,
    Outcome,
    Phase,
    QuestionKind,
    ReviewState,
    ShortTryReason,
    VoidReason,
    WaitUnit,
    Window,
)
from surveys.models.contact import Attempt, Contact
from surveys.models.edition import Edition
from surveys.models.leader_request import LeaderRequest, RequestKind
from surveys.models.participant import AwardClass, ContactPoint, Participant, ParticipantMember, RolePlay
from surveys.models.questionnaire import Option, Question, WaitBand
from surveys.models.response import Answer, Comment, Response, ReviewEvent
from surveys.models.voiding import Voiding

__all__ = [
    "SCORED_AREAS",
    "AddressKind",
    "Answer",
    "Area",
    "Attempt",
    "AttemptResult",
    "AwardClass",
    "Channel",
    "Comment",
    "CommentArea",
    "Contact",
    "ContactPoint",
    "Edition",
    "LeaderRequest",
    "Metric",
    "Option",
    "Outcome",
    "Participant",
    "ParticipantMember",
    "Phase",
    "Question",
    "QuestionKind",
    "RequestKind",
    "Response",
    "ReviewEvent",
    "ReviewState",
    "RolePlay",
    "ShortTryReason",
    "VoidReason",
    "Voiding",
    "WaitBand",
    "WaitUnit",
    "Window",
]
