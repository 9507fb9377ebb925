"""The project leader's door: shoppers and the plan."""

from django.urls import path

from shoppers.views import board, office, people, proposals, putting_back

app_name = "shoppers_office"

SHOPPER = "<slug:edition_code>/shoppere/<slug:shopper_code>/"

urlpatterns = [
    path("<slug:edition_code>/shoppere/", office.list_shoppers, name="shoppers"),
    path("<slug:edition_code>/belastning/", people.show_workload, name="workload"),
    path(SHOPPER, people.show_shopper, name="shopper"),
    path(f"{SHOPPER}faller-fra/", people.leave, name="shopper_leave"),
    path(f"{SHOPPER}blir/", people.stay, name="shopper_stay"),
    path(f"{SHOPPER}forhold/", people.relate, name="relation_add"),
    path(f"{SHOPPER}forhold/<int:relation_id>/fjern/", people.unrelate, name="relation_remove"),
    path("<slug:edition_code>/plan/", office.show_plan, name="plan"),
    path("<slug:edition_code>/plan/kalender.zip", office.download_calendars, name="calendars"),
    path("<slug:edition_code>/plan/plan.xlsx", office.download_workbook, name="workbook"),
    path("<slug:edition_code>/plan/sertifikat.json", office.download_certificate, name="certificate"),
    path("<slug:edition_code>/plan/lag/", proposals.start, name="plan_start"),
    path("<slug:edition_code>/plan/forslag/<int:proposal_id>/", proposals.show, name="proposal"),
    path("<slug:edition_code>/plan/forslag/<int:proposal_id>/ta-i-bruk/", proposals.accept, name="proposal_accept"),
    path("<slug:edition_code>/plan/forslag/<int:proposal_id>/forkast/", proposals.discard, name="proposal_discard"),
    path("<slug:edition_code>/plan/<slug:contact_code>/", board.show_contact, name="contact"),
    path("<slug:edition_code>/plan/<slug:contact_code>/flytt/", board.move, name="move"),
    path("<slug:edition_code>/plan/<slug:contact_code>/ta-tilbake/", board.take_back, name="take_back"),
    path("<slug:edition_code>/gjennomgang/<slug:contact_code>/ta-tilbake/", putting_back.put_back, name="put_back"),
]
