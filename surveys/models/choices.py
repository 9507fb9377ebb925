"""The closed vocabularies of the domain. Values are those of the edition package; labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.engine import words


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

    TELEPHONE = words.TELEPHONE, _("Telefon")
    EMAIL = words.EMAIL, _("E-post")
    CHAT = words.CHAT, _("Chat")
    MESSENGER = words.MESSENGER, _("Messenger")


class AddressKind(models.TextChoices):
    """Where a participant is reached. E-mail and contact form both serve the channel e-mail."""

    TELEPHONE = words.TELEPHONE, _("Telefon")
    EMAIL = words.EMAIL, _("E-post")
    CONTACT_FORM = "contact_form", _("Kontaktskjema")
    CHAT = words.CHAT, _("Chat")
    MESSENGER = words.MESSENGER, _("Messenger")


class Area(models.TextChoices):
    """Performance areas in the order a shopper meets them. CX is reported beside the total, never in it."""

    WAIT = words.WAIT, _("Svar- og ventetid")
    WELCOME = words.WELCOME, _("Velkomst og mottak")
    AGENT = words.AGENT, _("Kundebehandleren")
    OVERALL = words.OVERALL, _("Totalinntrykk")
    CX = words.CX, _("Kundeopplevelse")


SCORED_AREAS = (Area.WAIT, Area.WELCOME, Area.AGENT, Area.OVERALL)


class CommentArea(models.TextChoices):
    """The three comment fields every questionnaire has."""

    WELCOME = words.WELCOME, _("Velkomst og mottak")
    AGENT = words.AGENT, _("Kundebehandleren")
    OVERALL = words.OVERALL, _("Totalinntrykk")


class QuestionKind(models.TextChoices):
    SINGLE = words.SINGLE, _("Ett svar")
    MULTI = words.MULTI, _("Flere svar")
    SCALE = words.SCALE, _("Skala")


class Metric(models.TextChoices):
    """The customer experience figures a scale question can feed."""

    CES = words.CES, "CES"
    CSAT = words.CSAT, "CSAT"
    NPS = words.NPS, "NPS"
    VES1 = words.VES1, "VES 1"
    VES2 = words.VES2, "VES 2"


class WaitUnit(models.TextChoices):
    SECONDS = words.SECONDS, _("sekunder")
    WORKING_DAYS = words.WORKING_DAYS, _("virkedager")


class Window(models.TextChoices):
    """The three parts of a working day in which contacts are made."""

    MORNING = words.MORNING, "09–11"
    MIDDAY = words.MIDDAY, "11–13"
    AFTERNOON = words.AFTERNOON, "13–15"


class Outcome(models.TextChoices):
    """How a contact ended. Empty = not made yet."""

    ANSWERED = words.ANSWERED, _("Besvart")
    NO_ANSWER = words.NO_ANSWER, _("Ikke svar")
    VOID = words.VOID, _("Annullert")


class AttemptResult(models.TextChoices):
    ANSWERED = words.ANSWERED, _("Svar")
    NO_ANSWER = words.NO_ANSWER, _("Ikke svar")
    NOT_QUEUED = words.NOT_QUEUED, _("Kom ikke i kø")


class ShortTryReason(models.TextChoices):
    """Why a shopper gave up before the channel's time was over. Empty = waited the time out, or was answered."""

    QUEUE_CLOSED = "queue_closed", _("Køen var stengt")
    WRONG_NUMBER = "wrong_number", _("Feil nummer")
    CLOSED = "closed", _("Kundesenteret var stengt")


class ReviewState(models.TextChoices):
    """Where a response is in the project leader's review. Empty = not handed in."""

    SUBMITTED = words.SUBMITTED, _("Til gjennomgang")
    RETURNED = words.RETURNED, _("Returnert")
    APPROVED = words.APPROVED, _("Godkjent")


class VoidReason(models.TextChoices):
    """Why a contact is annulled: the two should never have met (`relations` of the package), or something else."""

    CUSTOMER = words.CUSTOMER, _("Mystery shopperen er kunde hos deltakeren")
    EMPLOYEE = words.EMPLOYEE, _("Mystery shopperen arbeider hos deltakeren")
    FAMILY = words.FAMILY, _("Mystery shopperen har familie hos deltakeren")
    OTHER = words.OTHER, _("Noe annet")
