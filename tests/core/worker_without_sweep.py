"""A worker with its sweep at start taken out, to prove that the sweep is what saves a batch."""

from kundeservice.celery import app
from kundeservice.core.worker import SweepWhenConnected
from tests.core import slow_batch  # noqa: F401  # registers the batch

app.steps["consumer"].discard(SweepWhenConnected)
