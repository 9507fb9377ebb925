"""The closed vocabularies of the domain. Values are those of the edition package; labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.IntegerChoices):
    """The life of an edition, in order. The gaps leave room for a phase between two others."""

    DRAFT = 10, _("Utkast")
    PLANNED = 20, _("Planlagt")
    FIELD = 30, _("Feltperiode")
    REVIEW = 40, _("Gjennomgang")
    LOCKED = 50, _("Låst")
    PUBLISHED = 60, _("Publisert")


class Channel(models.TextChoices):
    """How a shopper contacts a participant, in the priority order of the planning rules."""

    TELEPHONE = "telephone", _("Telefon")
    EMAIL = "email", _("E-post")
    CHAT = "chat", _("Chat")
    MESSENGER = "messenger", _("Messenger")


class AddressKind(models.TextChoices):
    """Where a participant is reached. E-mail and contact form both serve the channel e-mail."""

    TELEPHONE = "telephone", _("Telefon")
    EMAIL = "email", _("E-post")
    CONTACT_FORM = "contact_form", _("Kontaktskjema")
    CHAT = "chat", _("Chat")
    MESSENGER = "messenger", _("Messenger")


class Area(models.TextChoices):
    """Performance areas in the order a shopper meets them. CX is reported beside the total, never in it."""

    WAIT = "wait", _("Svar- og ventetid")
    WELCOME = "welcome", _("Velkomst og mottak")
    AGENT = "agent", _("Kundebehandleren")
    OVERALL = "overall", _("Totalinntrykk")
    CX = "cx", _("Kundeopplevelse")


SCORED_AREAS = (Area.WAIT, Area.WELCOME, Area.AGENT, Area.OVERALL)


class CommentArea(models.TextChoices):
    """The three comment fields every questionnaire has."""

    WELCOME = "welcome", _("Velkomst og mottak")
    AGENT = "agent", _("Kundebehandleren")
    OVERALL = "overall", _("Totalinntrykk")


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("Ett svar")
    MULTI = "multi", _("Flere svar")
    SCALE = "scale", _("Skala")


class Metric(models.TextChoices):
    """The customer experience figures a scale question can feed."""

    CES = "ces", "CES"
    CSAT = "csat", "CSAT"
    NPS = "nps", "NPS"
    VES1 = "ves1", "VES 1"
    VES2 = "ves2", "VES 2"


class WaitUnit(models.TextChoices):
    SECONDS = "seconds", _("sekunder")
    WORKING_DAYS = "working_days", _("virkedager")


class Window(models.TextChoices):
    """The three parts of a working day in which contacts are made."""

    MORNING = "09-11", "09–11"
    MIDDAY = "11-13", "11–13"
    AFTERNOON = "13-15", "13–15"


class Outcome(models.TextChoices):
    """How a contact ended. Empty = not made yet."""

    ANSWERED = "answered", _("Besvart")
    NO_ANSWER = "no_answer", _("Ikke svar")
    VOID = "void", _("Annullert")


class AttemptResult(models.TextChoices):
    ANSWERED = "answered", _("Svar")
    NO_ANSWER = "no_answer", _("Ikke svar")
    NOT_QUEUED = "not_queued", _("Kom ikke i kø")


class ShortTryReason(models.TextChoices):
    """Why a shopper gave up before the channel's time was over. Empty = waited the time out, or was answered."""

    QUEUE_CLOSED = "queue_closed", _("Køen var stengt")
    WRONG_NUMBER = "wrong_number", _("Feil nummer")
    CLOSED = "closed", _("Kundesenteret var stengt")


class ReviewState(models.TextChoices):
    """Where a response is in the project leader's review. Empty = not handed in."""

    SUBMITTED = "submitted", _("Til gjennomgang")
    RETURNED = "returned", _("Returnert")
    APPROVED = "approved", _("Godkjent")


class VoidReason(models.TextChoices):
    """Why a contact is annulled: the two should never have met (`relations` of the package), or something else."""

    CUSTOMER = "customer", _("Mystery shopperen er kunde hos deltakeren")
    EMPLOYEE = "employee", _("Mystery shopperen arbeider hos deltakeren")
    FAMILY = "family", _("Mystery shopperen har familie hos deltakeren")
    OTHER = "other", _("Noe annet")
