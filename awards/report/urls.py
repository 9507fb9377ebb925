"""The participant's door: own results and reports."""

from django.urls import path

from awards.report.views import participant

app_name = "participant"

urlpatterns = [
    path("", participant.show_home, name="home"),
    path(
        "<slug:edition_code>/<slug:participant_code>/rapport.pdf",
        participant.download_report,
        name="report",
    ),
]
