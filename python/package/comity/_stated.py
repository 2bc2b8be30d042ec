"""What Python programs state, as JSON that a facts file may hold. Nothing passes through a binary float."""

from __future__ import annotations

import datetime
import decimal
import fractions
import json
from typing import Any, Optional, Union

Day = Union[str, datetime.date]


def day(value: Optional[Day]) -> Optional[str]:
    """A day as the language writes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        raise TypeError("a day is a `datetime.date`, not a time: write `value.date()`")
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"a day is a `datetime.date` or a text such as '2029-01-19', not {type(value).__name__}")


def facts(value: Any) -> str:
    """A dictionary of facts as JSON."""
    return json.dumps(plain(value, ""))


def plain(value: Any, place: str) -> Any:
    """A value as JSON has it; ``place`` says where it stands."""
    from ._answers import Amount

    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        raise TypeError(
            f"{place or 'this'} is a binary float, which is not exact: write `Decimal({str(value)!r})` or a text, '{value} USD'"
        )
    if isinstance(value, decimal.Decimal):
        if not value.is_finite():
            raise ValueError(f"{place or 'this'} is no number: {value}")
        return format(value, "f")
    if isinstance(value, fractions.Fraction):
        return str(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return day(value)
    if isinstance(value, Amount):
        return str(value)
    if isinstance(value, dict):
        return {str(name): plain(one, f"{place}.{name}" if place else str(name)) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, place) for one in value]
    raise TypeError(f"{place or 'this'} is a {type(value).__name__}: state texts, whole numbers, Decimal, Fraction or dates")
