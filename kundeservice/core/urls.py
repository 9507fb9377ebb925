"""Addresses of the floor. Log-in pages keep allauth's own URL names, which allauth looks up itself."""

from allauth.account import views as account
from django.urls import path, register_converter

from kundeservice.core.login_links import LinkKind
from kundeservice.core.views import jobs, login


class LinkKindConverter:
    """`m` for a mailed link, `t` for one printed in the terminal."""

    regex = "|".join(kind.value for kind in LinkKind)

    def to_python(self, value: str) -> LinkKind:
        return LinkKind(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(LinkKindConverter, "link_kind")

app_name = "core"
urlpatterns = [
    path("logg-inn/lenke/<link_kind:kind>/<str:token>/", login.LoginLinkView.as_view(), name="login_link"),
    path("arbeid/<int:pk>/", jobs.job_progress, name="job"),
]

account_urlpatterns = [
    path("logg-inn/", account.request_login_code, name="account_login"),
    path("logg-inn/", account.request_login_code, name="account_request_login_code"),
    path("logg-inn/kode/", account.confirm_login_code, name="account_confirm_login_code"),
    path("logg-ut/", account.logout, name="account_logout"),
    path("logg-inn/sperret/", account.account_inactive, name="account_inactive"),
    path("min-side/", login.home, name="home"),
]
