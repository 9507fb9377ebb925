"""The project leader's door: editions, import, results, publication."""

from django.urls import path

from awards.office.views import contacts, editions, explanation, results, sealing
from awards.package import views as imports
from awards.publication.views import results_files
from awards.report.views import office as office_reports
from awards.studies import views as studies

app_name = "office"

urlpatterns = [
    path("", editions.list_editions, name="editions"),
    path("importer/", imports.upload_package, name="import"),
    path("importer/<int:upload_id>/", imports.show_import, name="import_job"),
    path("importer/<int:upload_id>/bekreft/", imports.confirm_import, name="import_confirm"),
    path("<slug:edition_code>/", editions.show_edition, name="edition"),
    path("<slug:edition_code>/henvendelser/", contacts.show_contacts, name="contacts"),
    path("<slug:edition_code>/fase/", editions.move_phase, name="phase"),
    path("<slug:edition_code>/pakke/", imports.start_export, name="export"),
    path("<slug:edition_code>/pakke/<int:job_id>/", imports.show_export, name="export_job"),
    path("<slug:edition_code>/pakke/<int:job_id>/fil/", imports.download_export, name="export_file"),
    path("<slug:edition_code>/resultater/", results.show_results, name="results"),
    path("<slug:edition_code>/resultater/fil.<slug:file_format>", results_files.download_results, name="results_file"),
    path("<slug:edition_code>/segl/", sealing.ask, name="seal_ask"),
    path("<slug:edition_code>/segl/antall/", sealing.choose_viewers, name="seal_viewers"),
    path("<slug:edition_code>/segl/<int:request_id>/", sealing.answer, name="seal_answer"),
    path("<slug:edition_code>/logg/", sealing.show_log, name="log"),
    path("<slug:edition_code>/resultater/beregn/", results.start_count, name="count"),
    path("<slug:edition_code>/resultater/rapporter/", results.start_reports, name="reports"),
    path("<slug:edition_code>/resultater/las/", results.start_lock, name="lock"),
    path("<slug:edition_code>/resultater/publiser/", results.publish, name="publish"),
    path("<slug:edition_code>/resultater/avlys/", results.cancel_publication, name="publish_cancel"),
    path("<slug:edition_code>/resultater/undersok/", studies.start_studies, name="studies"),
    path("<slug:edition_code>/resultater/sikkerhet/", studies.show_confidence, name="confidence"),
    path("<slug:edition_code>/resultater/strenghet/", studies.show_severity, name="severity"),
    path("<slug:edition_code>/resultater/nuller/", studies.show_zeros, name="zeros"),
    path("<slug:edition_code>/resultater/sammenlikn/", studies.show_comparison, name="comparison"),
    path("<slug:edition_code>/resultater/hva-om/<slug:contact_code>/", studies.show_what_if, name="what_if"),
    path("<slug:edition_code>/resultater/<slug:participant_code>/hvorfor/", explanation.explain, name="explanation"),
    path(
        "<slug:edition_code>/resultater/<slug:participant_code>/rapport.pdf",
        office_reports.download_report,
        name="report",
    ),
]
