"""The shopper's door."""

from django.urls import path

from shoppers.views import shopper, shopper_attempts, shopper_hand_in, shopper_questionnaire

app_name = "shopper"

CONTACT = "<slug:edition_code>/<slug:contact_code>/"

urlpatterns = [
    path("", shopper.home, name="home"),
    path("<slug:edition_code>/kalender.ics", shopper.download_calendar, name="calendar"),
    path(CONTACT, shopper.show_errand, name="errand"),
    path(f"{CONTACT}forsok/begynn/", shopper_attempts.start, name="start_attempt"),
    path(f"{CONTACT}forsok/sendt/", shopper_attempts.tell_letter, name="tell_letter"),
    path(f"{CONTACT}forsok/avslutt/", shopper_attempts.finish, name="finish_attempt"),
    path(f"{CONTACT}forsok/etterpa/", shopper_attempts.tell, name="tell_attempt"),
    path(f"{CONTACT}forsok/sent-svar/", shopper_attempts.answer_late, name="answer_late"),
    path(f"{CONTACT}forsok/rett/", shopper_attempts.correct, name="correct_attempt"),
    path(f"{CONTACT}forsok/angre/", shopper_attempts.undo, name="undo_attempt"),
    path(f"{CONTACT}lever/", shopper_hand_in.hand_in, name="hand_in"),
    path(f"{CONTACT}kvittering/", shopper_hand_in.receipt, name="receipt"),
    path(f"{CONTACT}skjema/<slug:path>/", shopper_questionnaire.fill_in, name="fill_in"),
    path(f"{CONTACT}skjema/<slug:path>/lagre/", shopper_questionnaire.autosave, name="autosave"),
]
