"""Background work of the awards, one module per theme; the worker imports this package and so knows them all."""

from awards.tasks import packages, publication, reports, studies

__all__ = ["packages", "publication", "reports", "studies"]
