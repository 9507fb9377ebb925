"""How allauth fits the product: nobody signs up, and a mail with a code also carries a link."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from kundeservice.core.addresses import normalised_address
from kundeservice.core.login_links import LinkKind, login_link, onward_of
from kundeservice.core.mail import hand_over
from kundeservice.core.models import User

LOGIN_CODE_MAIL = "account/email/login_code"


class AccountAdapter(DefaultAccountAdapter):
    """People come from packages and from the leader's pages, never from a sign-up form."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def clean_email(self, email: str) -> str:
        return normalised_address(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix == LOGIN_CODE_MAIL:
            user = User.objects.get_by_natural_key(email)
            link = login_link(user, kind=LinkKind.MAILED, onward=onward_of(context["request"]))
            context = {**context, "login_link": link}
        hand_over(self.render_mail(template_prefix, email, {"email": email, **context}))
