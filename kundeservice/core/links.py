"""Absolute addresses, for mails and files that leave the site."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """Return `path` (beginning with `/`) on the installation's public address."""
    if not path.startswith("/"):
        raise ValueError(f"{path!r} does not begin with a slash.")
    return f"{settings.SITE_URL}{path}"
