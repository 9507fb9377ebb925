"""Background work of the awards, a module in each room; the worker imports this one and so knows them all."""

from awards.package import tasks as packages
from awards.publication import tasks as publication
from awards.report import tasks as reports
from awards.studies import tasks as studies

__all__ = ["packages", "publication", "reports", "studies"]
