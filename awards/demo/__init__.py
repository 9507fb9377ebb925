"""The demo edition: invented companies and shoppers, and what came of it. Plain Python, no database, no clock."""

from awards.demo.attempts import SimulatedAttempt
from awards.demo.stages import FieldPeriod, Stage, field_period
from awards.demo.tables import Tables, build_package_tables
from awards.demo.world import SimulatedContact, SimulatedWorld

__all__ = [
    "FieldPeriod",
    "SimulatedAttempt",
    "SimulatedContact",
    "SimulatedWorld",
    "Stage",
    "Tables",
    "build_package_tables",
    "field_period",
]
