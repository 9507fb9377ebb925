"""The demo edition: invented companies and shoppers, and what came of it. Plain Python, no database, no clock."""

from awards.demo.attempts import SimulatedAttempt
from awards.demo.tables import Tables, build_package_tables
from awards.demo.world import SimulatedContact, SimulatedWorld

__all__ = ["SimulatedAttempt", "SimulatedContact", "SimulatedWorld", "Tables", "build_package_tables"]
