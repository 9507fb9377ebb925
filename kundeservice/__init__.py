"""Wiring of the product: settings, URLs, the Celery application and the floor `core`."""

from kundeservice.celery import app as celery_app

__all__ = ("celery_app",)
