"""WSGI entry point; `kundeservice.web_server` serves it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")

application = get_wsgi_application()
