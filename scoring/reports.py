"""What keeps an edition from being counted, as sentences that say where it is and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.engine import DataProblem
from surveys.models import Area, Channel

PLACES: dict[str, str | Promise] = {
    "contact": gettext_lazy("Henvendelse %(code)s"),
    "participant": gettext_lazy("Deltaker %(code)s"),
    "question": gettext_lazy("Spørsmål %(code)s"),
    "metric": gettext_lazy("Målet %(code)s"),
    "wait bands": gettext_lazy("Ventetidsgrensene for %(code)s"),
    "weight": gettext_lazy("Vekten for %(code)s"),
    "rule": gettext_lazy("Årgangens regler"),
}
"""Where it is, by the subject of the problem."""

SENTENCES: dict[str, str | Promise] = {
    # contacts and their answers
    "wait_beyond_bands": gettext_lazy(
        "ventetiden %(about)s er lengre enn alle grensene for kontaktmåten. "
        "Rett ventetiden, eller gi kontaktmåten en grense uten øvre ende."
    ),
    "negative_wait": gettext_lazy("ventetiden er negativ (%(about)s). Rett ventetiden."),
    "no_area_score": gettext_lazy(
        "besvart, men uten et eneste svar som gir poeng. Returner besvarelsen, eller annuller henvendelsen."
    ),
    "no_weight": gettext_lazy(
        "bare prestasjonsområder med vekt 0 har svar. Returner besvarelsen, eller endre årgangens vekter."
    ),
    "unknown_option": gettext_lazy(
        "svaret på spørsmålet «%(about)s» er ikke blant svaralternativene. Returner besvarelsen, så svaret gis på nytt."
    ),
    "several_options": gettext_lazy(
        "spørsmålet «%(about)s» tar ett svar, men har flere. Returner besvarelsen, så svaret gis på nytt."
    ),
    "not_applicable_beside_others": gettext_lazy(
        "spørsmålet «%(about)s» har «ikke aktuelt» ved siden av andre svar. "
        "Returner besvarelsen, så svaret gis på nytt."
    ),
    "unknown_question": gettext_lazy(
        "svaret hører til spørsmålet «%(about)s», som ikke er i årgangens spørreskjema. Fjern svaret."
    ),
    "question_of_other_channel": gettext_lazy(
        "spørsmålet «%(about)s» stilles ikke på denne kontaktmåten. Fjern svaret, eller rett kontaktmåten."
    ),
    "value_without_scale": gettext_lazy(
        "spørsmålet «%(about)s» har fått en tallverdi, men er ikke en skala. "
        "Returner besvarelsen, så svaret gis på nytt."
    ),
    "value_range": gettext_lazy(
        "verdien på spørsmålet «%(about)s» er utenfor skalaen. Returner besvarelsen, så svaret gis på nytt."
    ),
    "answers_without_answer": gettext_lazy(
        "står som «ikke svar», men har likevel svar. Rett utfallet, eller fjern svarene."
    ),
    "unknown_participant": gettext_lazy("deltakeren «%(about)s» er ikke med i årgangen. Rett henvendelsens deltaker."),
    "unknown_channel": gettext_lazy(
        "kontaktmåten «%(about)s» finnes ikke. Bruk telefon, e-post, chat eller Messenger."
    ),
    "unknown_outcome": gettext_lazy("utfallet «%(about)s» finnes ikke. Rett utfallet."),
    "unknown_review": gettext_lazy(
        "gjennomgangen er i en tilstand som ikke finnes («%(about)s»). Gå gjennom den på nytt."
    ),
    "not_exact": gettext_lazy("et tall er ikke nøyaktig (%(about)s). Skriv det som desimaltall."),
    "code_repeated": gettext_lazy("koden er brukt mer enn én gang. Gi den ene en annen kode."),
    "not_counted": gettext_lazy("har et utfall som ikke teller. Rett utfallet."),
    "sums_missing": gettext_lazy("mangler poeng for et prestasjonsområde. Beregn på nytt fra svarene."),
    # the edition's rules
    "weights_sum": gettext_lazy("vektene er %(about)s til sammen. Rett dem så de blir 100."),
    "negative_weight": gettext_lazy("vekten er negativ. Vekter er 0 eller mer."),
    "minimum": gettext_lazy(
        "minstetallet er for lavt. En plass krever minst én tellende henvendelse, og ingen grense er negativ."
    ),
    "percent_range": gettext_lazy("en prosent er ikke mellom 0 og 100. Rett prosenten."),
    "band_repeated": gettext_lazy("grensen %(about)s er gitt mer enn én gang. Fjern den ene."),
    "negative_points": gettext_lazy("svaralternativet «%(about)s» har negative poeng. Poeng er 0 eller mer."),
    "code_differs": gettext_lazy("spørsmålet ligger under en annen kode. Bruk samme kode begge steder."),
    "unknown_area": gettext_lazy("prestasjonsområdet «%(about)s» finnes ikke. Velg et som finnes."),
    "unknown_kind": gettext_lazy("spørsmålstypen «%(about)s» finnes ikke. Bruk ett svar, flere svar eller skala."),
    "unknown_metric": gettext_lazy("målet «%(about)s» finnes ikke. Bruk CES, CSAT, NPS, VES 1 eller VES 2."),
    "metric_repeated": gettext_lazy("flere spørsmål gir samme mål. La ett av dem gjøre det."),
    "metric_without_scale": gettext_lazy("et mål trenger en skala. Gjør spørsmålet til en skala, eller fjern målet."),
    "metric_outside_cx": gettext_lazy(
        "et mål hører til kundeopplevelse (CX). Flytt spørsmålet dit, eller fjern målet."
    ),
}
"""What is wrong and how to mend it, by the kind of the problem."""


def sentence_of(problem: DataProblem) -> str:
    """One problem in the reader's language: «Henvendelse c01: ventetiden 301 er lengre enn …»."""
    place = str(PLACES[problem.subject]) % {"code": _named(problem)}
    what = str(SENTENCES[problem.kind]) % {"about": problem.about}
    return _("%(place)s: %(what)s") % {"place": place, "what": what}


def sentences_of(problems: Iterable[DataProblem]) -> tuple[str, ...]:
    return tuple(sentence_of(problem) for problem in problems)


def _named(problem: DataProblem) -> str:
    """Codes of the closed vocabularies by the name people know."""
    if problem.subject == "wait bands" and problem.code in Channel.values:
        return str(Channel(problem.code).label)
    if problem.subject == "weight":
        return str(Area(problem.code).label) if problem.code in Area.values else _("alle områdene")
    return problem.code
