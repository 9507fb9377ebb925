"""The demo edition: invented companies and shoppers, and what came of it. Plain Python, no database, no clock."""

from awards.demo.tables import Tables, build_package_tables

__all__ = ["Tables", "build_package_tables"]
