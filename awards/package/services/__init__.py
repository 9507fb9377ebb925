"""Editions in and out of the database as packages."""

from awards.package.services.loading import load_package
from awards.package.services.storing import ImportRefused, import_package, remove_edition

__all__ = ["ImportRefused", "import_package", "load_package", "remove_edition"]
