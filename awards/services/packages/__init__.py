"""Editions in and out of the database as packages."""

from awards.services.packages.loading import load_package
from awards.services.packages.storing import ImportRefused, import_package, remove_edition

__all__ = ["ImportRefused", "import_package", "load_package", "remove_edition"]
