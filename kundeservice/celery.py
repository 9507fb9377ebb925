"""The Celery application. The database is the queue of record; Celery only wakes workers (see `core.jobs`)."""

import os

from amqp.exceptions import AMQPError
from celery import Celery
from kombu.exceptions import KombuError
from kombu.transport import TRANSPORT_ALIASES
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")

# Kombu's own broker of plain files can be read in the middle of a write, which ends the worker.
TRANSPORT_ALIASES["filesystem"] = "kundeservice.core.file_broker:Transport"

# What a broker that is away, full or broken raises. Kombu passes its driver's own exceptions on in some places, and
# Redis' ConnectionError is not Python's.
BROKER_PROBLEMS = (KombuError, AMQPError, RedisError, OSError)

app = Celery("kundeservice")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The tasks of the apps are imported when Django has loaded their models: see `core.apps`.
