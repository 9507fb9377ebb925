"""What every template may count on."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Give templates `SITE_URL` and `path_without_language`, the current path as `/…` without the `/en` prefix."""
    path = request.get_full_path()
    bare = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    # One slash only: an address such as /en//evil.example/ must not come back as a link to another host.
    return {"SITE_URL": settings.SITE_URL, "path_without_language": f"/{bare.lstrip('/')}"}
