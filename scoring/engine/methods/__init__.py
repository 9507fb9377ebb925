"""Registered scoring methods; importing this package registers them all."""

from scoring.engine.methods.mystery_2022 import MYSTERY_2022
from scoring.engine.methods.registry import (
    METHODS,
    Method,
    MethodTakenError,
    UnknownMethodError,
    method_named,
    register,
)

DEFAULT_METHOD = MYSTERY_2022.name

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "MYSTERY_2022",
    "Method",
    "MethodTakenError",
    "UnknownMethodError",
    "method_named",
    "register",
]
