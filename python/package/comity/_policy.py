"""Policies, and facts stated to them."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from ._answers import Answers, Checked, Difference, Rows, Story, Tested, Timeline
from ._comity import NativePolicy
from ._comity import diff as native_diff
from ._errors import told
from ._stated import Day, day, facts as as_json

#: A dictionary of facts, the path of a facts file, or facts that were stated before.
Stated = Union[Mapping[str, Any], str, "os.PathLike[str]", "Facts"]

#: Nothing is stated.
_NOTHING: Mapping[str, Any] = {}


class Facts:
    """Facts that were checked against a policy, to be asked about more than once. Made by :meth:`Policy.facts`."""

    def __init__(self, native: Any) -> None:
        self._native = native


class Policy:
    """A policy that was read and checked. Keep it: asking is quick, reading is not."""

    def __init__(self, native: NativePolicy) -> None:
        self._native = native

    @staticmethod
    def load(path: Union[str, "os.PathLike[str]"]) -> "Policy":
        """Reads a policy from the disk: a ``.comity`` file, or a folder with one policy in it.

        :raises ComityError: everything that is wrong with it.
        """
        with told():
            return Policy(NativePolicy.load(os.fspath(path)))

    @staticmethod
    def from_text(text: str) -> "Policy":
        """Reads a policy that is one text; messages call it ``policy.comity``."""
        with told():
            return Policy(NativePolicy.from_text(text))

    @property
    def root(self) -> str:
        """The path of its root file."""
        return self._native.root()

    @property
    def outcomes(self) -> List[str]:
        """The names of its outcomes."""
        return self._native.outcomes()

    @property
    def fact_names(self) -> List[str]:
        """The names of the facts that may be stated."""
        return self._native.fact_names()

    def facts(self, stated: Stated = _NOTHING, **more: Any) -> Facts:
        """Checks facts against the policy.

        ``stated`` is a dictionary laid out as a facts file is, or the path of a facts file; ``more`` are facts by name, in
        place of what it says of them. Texts are read as the language writes values; whole numbers, ``Decimal``, ``Fraction``,
        ``date`` and ``bool`` are taken as they are. Binary floats are refused.
        """
        if isinstance(stated, Facts):
            if more:
                raise TypeError("facts that were checked cannot be added to: state all of them in one go")
            return stated
        if isinstance(stated, (str, os.PathLike)):
            parts = [("file", os.fspath(stated))]
        else:
            parts = [("json", as_json(dict(stated)))] if stated else []
        settings = [(name, _literals(value, name)) for name, value in more.items()]
        with told():
            return Facts(self._native.facts(parts, settings))

    def evaluate(
        self,
        stated: Stated = _NOTHING,
        *,
        on: Optional[Day] = None,
        known: Optional[Day] = None,
        only: Iterable[str] = (),
    ) -> Answers:
        """Answers every question of the policy, or only those named.

        ``on`` is the day asked about; rows with a date of their own have that. ``known``: as was known on that day.
        """
        checked = self.facts(stated)
        with told():
            return Answers(self._native.answers(checked._native, day(on), day(known), list(only)))

    def why(
        self,
        name: str,
        stated: Stated = _NOTHING,
        *,
        row: Optional[str] = None,
        on: Optional[Day] = None,
        known: Optional[Day] = None,
    ) -> Story:
        """Tells why an outcome, an obligation or a power is as it is, and why other rules do not apply."""
        checked = self.facts(stated)
        with told():
            return Story(*self._native.why(checked._native, day(on), day(known), name, row))

    def timeline(
        self,
        stated: Stated = _NOTHING,
        *,
        start: Optional[Day] = None,
        end: Optional[Day] = None,
        known: Optional[Day] = None,
        only: Iterable[str] = (),
        rows: Iterable[str] = (),
    ) -> Timeline:
        """The answers as functions of time, from a first to a last day; else over all days that policy and facts name."""
        if (start is None) != (end is None):
            raise TypeError("a timeline wants both its first and its last day, or neither")
        first, last = day(start), day(end)
        days = None if first is None or last is None else (first, last)
        checked = self.facts(stated)
        with told():
            return Timeline(*self._native.timeline(checked._native, day(known), list(only), list(rows), days))

    def check(self) -> Checked:
        """Looks for what is wrong with the policy for some facts or for all."""
        with told():
            return Checked(*self._native.check())

    def test(self) -> Tested:
        """Runs its scenarios."""
        return Tested(*self._native.test())

    def run(
        self,
        entity: str,
        columns: Mapping[str, Sequence[Any]],
        outcomes: Sequence[str] = (),
        *,
        beside: Stated = _NOTHING,
        on: Optional[Day] = None,
        known: Optional[Day] = None,
    ) -> Rows:
        """Answers for every row of a table given in columns.

        ``columns`` are lists by field; a heading may say what bare numbers count, ``"value [USD]"``. Columns of ``bool`` are
        truth values, of ``int`` and ``Decimal`` numbers, of ``str`` and ``date`` the cells of a CSV file; ``None`` is a cell
        that is not known.
        """
        kinds: Dict[str, List[Any]] = {"truth": [], "number": [], "text": []}
        for name, values in columns.items():
            kind, column = _column(name, list(values))
            kinds[kind].append(column)
        checked = self.facts(beside)
        with told():
            return Rows(
                self._native.run(
                    checked._native,
                    day(on),
                    day(known),
                    entity,
                    list(outcomes),
                    kinds["truth"],
                    kinds["number"],
                    kinds["text"],
                )
            )

    def __repr__(self) -> str:
        return f"<Policy {self.root}>"


def diff(old: Policy, new: Policy) -> Difference:
    """Compares two versions: which clauses changed, which answers, for which facts at all."""
    with told():
        return Difference(*native_diff(old._native, new._native))


#: What fits in a column of whole numbers.
_LARGEST = 2**63 - 1


def _column(name: str, values: List[Any]) -> Any:
    """A column by its kind, as the native half takes it."""
    for at, value in enumerate(values):
        if isinstance(value, float):
            raise TypeError(
                f"{name}, row {at + 1}, is a binary float, which is not exact: "
                f"round it to cents and give whole numbers, or `Decimal({str(value)!r})`"
            )
    if values and all(isinstance(value, bool) for value in values):
        return "truth", (name, values)
    if values and all(isinstance(value, (int, Decimal)) and not isinstance(value, bool) for value in values):
        exact = [Decimal(value) for value in values]
        if not all(value.is_finite() for value in exact):
            raise ValueError(f"{name} has a value that is no number")
        parts = [value.as_tuple() for value in exact]
        places = max(0, *(-int(part.exponent) for part in parts))
        whole = [_whole(part, places) for part in parts]
        if places <= 18 and all(-_LARGEST <= value <= _LARGEST for value in whole):
            return "number", (name, whole, places)
    return "text", (name, [_cell(value) for value in values])


def _whole(parts: Any, places: int) -> int:
    """A decimal times a power of ten that makes it whole; no context of `decimal` rounds it."""
    digits: int = int("".join(map(str, parts.digits)) or "0") * 10 ** (int(parts.exponent) + places)
    return -digits if parts.sign else digits


def _cell(value: Any) -> str:
    from ._stated import plain

    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain(value, ""))


def _literals(value: Any, name: str) -> List[str]:
    from ._stated import plain

    value = plain(value, name)
    if isinstance(value, dict):
        raise TypeError(f"{name} is a dictionary: rows are stated as in a facts file, {{'rows': …}}")
    if isinstance(value, list):
        return [_cell(one) for one in value]
    return [_cell(value)]
