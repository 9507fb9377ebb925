"""A worker with its sweep at start taken out, to prove that the sweep is what saves a batch."""

from celery.signals import worker_ready

from kundeservice.core.worker import sweep_on_start
from tests.core import slow_batch  # noqa: F401  # registers the batch

worker_ready.disconnect(sweep_on_start)
