"""The demo edition: invented companies and shoppers, and what came of it. Plain Python, no database, no clock."""

from awards.demo.world.attempts import SimulatedAttempt
from awards.demo.world.simulation import SimulatedContact, SimulatedWorld
from awards.demo.world.stages import FieldPeriod, Stage, field_period
from awards.demo.world.tables import Tables, build_package_tables

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
