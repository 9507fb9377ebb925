"""What can be done to an edition's contacts and answers."""

from surveys.queries.content import Content, Problem
from surveys.services.attempts import record_attempt, record_late_answer, start_attempt, undo_attempt
from surveys.services.drafts import SavedDraft, open_draft, save_draft
from surveys.services.guard import hold_contact, hold_edition
from surveys.services.handing_in import Receipt, submit_response
from surveys.services.phases import close_field, open_field, reopen_field
from surveys.services.refusals import (
    AlreadyHandedIn,
    AttemptRefused,
    ConflictingSubmission,
    DraftRejected,
    EditionNotOpen,
    EditionNotReady,
    EditionSealed,
    IncompleteResponse,
    NotDecided,
    PhaseRefused,
    ReviewRefused,
    StaleRevision,
    SurveyRefusal,
)
from surveys.services.reporting import ContactReport, ReportedTry, report_contacts
from surveys.services.review import approve_response, approve_responses, return_response, void_contact

__all__ = [
    "AlreadyHandedIn",
    "AttemptRefused",
    "ConflictingSubmission",
    "ContactReport",
    "Content",
    "DraftRejected",
    "EditionNotOpen",
    "EditionNotReady",
    "EditionSealed",
    "IncompleteResponse",
    "NotDecided",
    "PhaseRefused",
    "Problem",
    "Receipt",
    "ReportedTry",
    "ReviewRefused",
    "SavedDraft",
    "StaleRevision",
    "SurveyRefusal",
    "approve_response",
    "approve_responses",
    "close_field",
    "hold_contact",
    "hold_edition",
    "open_draft",
    "open_field",
    "record_attempt",
    "record_late_answer",
    "reopen_field",
    "report_contacts",
    "return_response",
    "save_draft",
    "start_attempt",
    "submit_response",
    "undo_attempt",
    "void_contact",
]
