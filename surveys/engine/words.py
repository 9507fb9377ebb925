"""The closed vocabularies of an award, as they stand in an edition package: channels, areas, outcomes and so on.

Tables, the engine, the planner and the package take their words from here, each in its own order and with its own names
on the screen. Only the program that recounts an edition without trusting anybody (`docs/verify`) spells them itself.
"""

from __future__ import annotations

TELEPHONE, EMAIL, CHAT, MESSENGER = "telephone", "email", "chat", "messenger"
CHANNELS = (TELEPHONE, EMAIL, CHAT, MESSENGER)
"""In the priority order of the planning rules."""

WAIT, WELCOME, AGENT, OVERALL, CX = "wait", "welcome", "agent", "overall", "cx"
SCORED_AREAS = (WAIT, WELCOME, AGENT, OVERALL)
"""The areas that carry a weight."""
AREAS = (*SCORED_AREAS, CX)
"""In the order a shopper meets them."""
ANSWERED_AREAS = (WELCOME, AGENT, OVERALL)
"""The areas whose score comes from answers, and that have a comment each."""

SINGLE, MULTI, SCALE = "single", "multi", "scale"
QUESTION_KINDS = (SINGLE, MULTI, SCALE)

CES, CSAT, NPS, VES1, VES2 = "ces", "csat", "nps", "ves1", "ves2"
METRICS = (CES, CSAT, NPS, VES1, VES2)

SECONDS, WORKING_DAYS = "seconds", "working_days"
WAIT_UNITS = (SECONDS, WORKING_DAYS)

MORNING, MIDDAY, AFTERNOON = "09-11", "11-13", "13-15"
WINDOWS = (MORNING, MIDDAY, AFTERNOON)
"""The windows of a working day in which contacts are made."""

NOT_MADE, ANSWERED, NO_ANSWER, VOID = "", "answered", "no_answer", "void"
OUTCOMES = (ANSWERED, NO_ANSWER, VOID)
"""How a contact can have ended."""

NOT_QUEUED = "not_queued"
ATTEMPT_RESULTS = (ANSWERED, NO_ANSWER, NOT_QUEUED)

NOT_REVIEWED, SUBMITTED, RETURNED, APPROVED = "", "submitted", "returned", "approved"
REVIEW_STATES = (SUBMITTED, RETURNED, APPROVED)

CUSTOMER, EMPLOYEE, FAMILY, OTHER = "customer", "employee", "family", "other"
RELATION_KINDS = (CUSTOMER, EMPLOYEE, FAMILY, OTHER)

FEMALE, MALE = "female", "male"
GENDERS = (FEMALE, MALE, OTHER)
