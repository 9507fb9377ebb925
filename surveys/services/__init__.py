"""What can be done to an edition's contacts and answers."""

from surveys.queries.content import Content, Problem
from surveys.services.attempts import correct_attempt, record_attempt, record_late_answer, start_attempt, undo_attempt
from surveys.services.drafts import SavedDraft, open_draft, save_draft
from surveys.services.guard import hold_contact, hold_edition
from surveys.services.handing_in import Receipt, submit_response
from surveys.services.phases import close_field, open_field, reopen_field
from surveys.services.refusals import (
    AlreadyHandedIn,
    AttemptRefused,
    ChangedMeanwhile,
    ConflictingSubmission,
    DraftRejected,
    EditionNotOpen,
    EditionNotReady,
    EditionSealed,
    IncompleteResponse,
    NotDecided,
    PhaseRefused,
    ReasonNeeded,
    ReviewRefused,
    ShortTry,
    StaleRevision,
    SurveyRefusal,
)
from surveys.services.reporting import ContactReport, ReportedTry, report_contacts
from surveys.services.review import approve_response, approve_responses, return_response, take_over_response
from surveys.services.sealing import (
    OpeningRefused,
    agree_to_opening,
    ask_to_pass,
    ask_to_unlock,
    ask_to_view_results,
    note_copy,
    note_look,
    set_viewers_needed,
    withdraw_opening,
)
from surveys.services.seen import check_seen
from surveys.services.voiding import agree_to_void, ask_to_void, lift_voiding, void_contact, withdraw_voiding

__all__ = [
    "AlreadyHandedIn",
    "AttemptRefused",
    "ChangedMeanwhile",
    "ConflictingSubmission",
    "ContactReport",
    "Content",
    "DraftRejected",
    "EditionNotOpen",
    "EditionNotReady",
    "EditionSealed",
    "IncompleteResponse",
    "NotDecided",
    "OpeningRefused",
    "PhaseRefused",
    "Problem",
    "ReasonNeeded",
    "Receipt",
    "ReportedTry",
    "ReviewRefused",
    "SavedDraft",
    "ShortTry",
    "StaleRevision",
    "SurveyRefusal",
    "agree_to_opening",
    "agree_to_void",
    "approve_response",
    "approve_responses",
    "ask_to_pass",
    "ask_to_unlock",
    "ask_to_view_results",
    "ask_to_void",
    "check_seen",
    "close_field",
    "correct_attempt",
    "hold_contact",
    "hold_edition",
    "lift_voiding",
    "note_copy",
    "note_look",
    "open_draft",
    "open_field",
    "record_attempt",
    "record_late_answer",
    "reopen_field",
    "report_contacts",
    "return_response",
    "save_draft",
    "set_viewers_needed",
    "start_attempt",
    "submit_response",
    "take_over_response",
    "undo_attempt",
    "void_contact",
    "withdraw_opening",
    "withdraw_voiding",
]
