"""Field types shared by the survey models."""

from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CODE_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"

validate_code = RegexValidator(
    CODE_PATTERN,
    _("Bruk små bokstaver a–z, tall, bindestrek og understrek, høyst 40 tegn, og begynn med bokstav eller tall."),
)


class CodeField(models.CharField):  # type: ignore[type-arg]  # no type arguments at run time
    """The short identifier rows carry in the edition package."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("validators", [validate_code])
        super().__init__(*args, **kwargs)


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg]  # as above
    """A plain decimal that comes back exactly as it went in, on every database.

    SQLite keeps decimals as 8-byte floats, which hold 15 significant digits without loss; so 6 digits before the point
    and 9 after it are the most that is the same everywhere.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 15
        kwargs["decimal_places"] = 9
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Decimal | None:
        """Drop the padding zeros the column adds: 5, not 5.000000000."""
        if value is None:
            return None
        return normalise_decimal(Decimal(value))


def normalise_decimal(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without exponent: 50.00 → 50, 0.10 → 0.1."""
    normal = value.normalize()
    return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal


class WordSetField(models.CharField):  # type: ignore[type-arg]  # as above
    """A set of words from a closed vocabulary, kept as one space-separated string in the vocabulary's order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
