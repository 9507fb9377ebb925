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
from surveys.models.participant import AwardClass, ContactPoint, Participant, ParticipantMember, RolePlay
from surveys.models.questionnaire import Option, Question, WaitBand
from surveys.models.response import Answer, Comment, Response, ReviewEvent
from surveys.models.sealing import OpeningKind, SealOpening
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
    "Metric",
    "OpeningKind",
    "Option",
    "Outcome",
    "Participant",
    "ParticipantMember",
    "Phase",
    "Question",
    "QuestionKind",
    "Response",
    "ReviewEvent",
    "ReviewState",
    "RolePlay",
    "SealOpening",
    "ShortTryReason",
    "VoidReason",
    "Voiding",
    "WaitBand",
    "WaitUnit",
    "Window",
]
