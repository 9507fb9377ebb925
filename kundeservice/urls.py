"""All addresses of the product: four doors, and what machines ask for.

A door is a list of includes: each app brings `urls/<door>.py` for the doors it has pages behind. Paths are Norwegian,
because people read and share them; URL names are English. Bokmål has no prefix, English lives under `/en/`.
"""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from kundeservice.core.urls import account_urlpatterns
from kundeservice.core.views.files import favicon, robots_txt, security_txt
from kundeservice.core.views.health import healthz

public_door = [
    path("", include("awards.publication.urls")),
]
shopper_door = [
    path("", include("shoppers.urls.shopper")),
]
participant_door = [
    path("", include("awards.report.urls")),
]
office_door = [
    path("", include("awards.office.urls")),
    path("", include("surveys.urls.office")),
    path("", include("shoppers.urls.office")),
]

machine_urlpatterns = [
    path("healthz/", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots_txt, name="robots_txt"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
]

urlpatterns = [
    *machine_urlpatterns,
    *i18n_patterns(
        path("", include("kundeservice.core.urls")),
        path("", include(account_urlpatterns)),
        path("teknisk/", admin.site.urls),
        path("oppdrag/", include(shopper_door)),
        path("kontor/", include(office_door)),
        path("deltaker/", include(participant_door)),
        path("", include(public_door)),
        prefix_default_language=False,
    ),
]
