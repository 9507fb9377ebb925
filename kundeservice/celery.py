"""The Celery application. The database is the queue of record; Celery only wakes workers (see `core.jobs`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")

app = Celery("kundeservice")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The tasks of the apps are imported when Django has loaded their models: see `core.apps`.
