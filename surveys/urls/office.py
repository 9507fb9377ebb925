"""The project leader's door: participants, questionnaire, review."""

from django.urls import path

from surveys.views import office, review, voiding

app_name = "surveys_office"

urlpatterns = [
    path("<slug:edition_code>/deltakere/", office.list_participants, name="participants"),
    path("<slug:edition_code>/sporreskjema/", office.show_questionnaire, name="questionnaire"),
    path("<slug:edition_code>/gjennomgang/", review.show_queue, name="review_queue"),
    path("<slug:edition_code>/gjennomgang/<slug:contact_code>/", review.show_sheet, name="review_sheet"),
    path("<slug:edition_code>/gjennomgang/<slug:contact_code>/avgjor/", review.decide, name="review_decide"),
    path("<slug:edition_code>/godkjenn-samlet/", review.approve_clean, name="approve_clean"),
    path("<slug:edition_code>/gjennomgang/<slug:contact_code>/annuller/", voiding.void, name="void"),
    path("<slug:edition_code>/annullerte/", voiding.list_contacts, name="void_contacts"),
    path("<slug:edition_code>/annullerte/<int:voiding_id>/svar/", voiding.answer, name="void_answer"),
]
