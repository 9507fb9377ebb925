"""The public door: winners, results, archive, method."""

from django.urls import path

from awards.publication.views import public

app_name = "public"

urlpatterns = [
    path("", public.show_front, name="front"),
    path("resultater/", public.list_results, name="editions"),
    path("resultater/<slug:edition_code>/", public.show_results, name="results"),
    path("resultater/<slug:edition_code>/<slug:class_code>/", public.show_class, name="class"),
    path("arkiv/", public.list_archive, name="archive"),
    path("arkiv/<int:year>/", public.show_archived_year, name="archive_year"),
    path("metode/", public.show_method, name="method"),
]
