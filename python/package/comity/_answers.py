"""Answers, and what else policies give."""

from __future__ import annotations

import datetime
import html
import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Dict, Iterator, List, Optional, Tuple, Union, cast

from ._comity import NativeAnswers


@dataclass(frozen=True)
class Amount:
    """An exact number with what it counts: ``str`` is how the language writes it."""

    fraction: Fraction
    unit: Optional[str]
    text: str

    @property
    def decimal(self) -> Decimal:
        """The number as a decimal, without its unit.

        A number whose decimals have no end raises ``ArithmeticError``: use ``fraction``.
        """
        whole, below = self.fraction.numerator, self.fraction.denominator
        twos = fives = 0
        while below % 2 == 0:
            below, twos = below // 2, twos + 1
        while below % 5 == 0:
            below, fives = below // 5, fives + 1
        if below != 1:
            raise ArithmeticError(f"{self.fraction} has no end as a decimal: use `fraction`")
        places = max(twos, fives)
        digits = whole * 2 ** (places - twos) * 5 ** (places - fives)
        return Decimal((digits < 0, tuple(int(digit) for digit in str(abs(digits))), -places))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Amount({self.text!r})"


#: What a determined answer may be. ``never`` is the text "never"; durations, codes, countries and choices are texts.
Value = Union[Amount, bool, datetime.date, str]


def value_of(parts: Tuple[str, Any, Any, Any], text: Optional[str]) -> Optional[Value]:
    kind, first, second, unit = parts
    if kind == "number":
        return Amount(Fraction(int(first), int(second)), unit, text or "")
    if kind == "truth":
        return bool(first == "true")
    if kind == "day":
        return datetime.date.fromisoformat(first)
    return text


@dataclass(frozen=True)
class Answer:
    """One answer, of one row if there are rows."""

    outcome: str
    row: Optional[str]
    #: ``determined``, ``undetermined``, ``gap``, ``conflict`` or ``error``.
    status: str
    value: Optional[Value]
    document: Dict[str, Any]

    @property
    def possible(self) -> List[str]:
        """The values that are still possible, as the language writes them."""
        return list(self.document["possible"])

    @property
    def missing(self) -> List[str]:
        """What is missing, in words: state all of it, and the answer is determined."""
        needs = self.document["needs"]
        return list(needs["all"]) if needs else []

    @property
    def rules(self) -> List[str]:
        """The rules behind it."""
        return list(self.document["rules"])

    @property
    def reasons(self) -> List[Dict[str, Any]]:
        """The same with articles, sources of law and places."""
        return list(self.document["reasons"])

    def __str__(self) -> str:
        return self.status if self.value is None else shown(self.value)


def shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@dataclass(frozen=True)
class BrokenGuarantee:
    """A guarantee of the policy that does not hold of the facts."""

    name: str
    row: Optional[str]
    on: Optional[datetime.date]
    claim: str


class Answers:
    """Everything that was asked in one go: a mapping of outcomes to answers, or to answers by row."""

    def __init__(self, native: NativeAnswers) -> None:
        self._native = native
        self._document: Optional[Dict[str, Any]] = None

    @property
    def document(self) -> Dict[str, Any]:
        """All of it as ``docs/schema/answer.json`` says, as ``comity eval --format json`` prints it."""
        if self._document is None:
            self._document = cast(Dict[str, Any], json.loads(self._native.json()))
        return self._document

    def __iter__(self) -> Iterator[Answer]:
        outcomes = self.document["outcomes"]
        for outcome, row, status, parts, text in self._native.all():
            document = outcomes[outcome] if row is None else outcomes[outcome]["rows"][row]
            yield Answer(outcome, row, status, value_of(parts, text), document)

    def values(self) -> Dict[Tuple[str, Optional[str]], Optional[Value]]:
        """The values by outcome and row, without reasons: the quickest way to all of them."""
        return {(name, row): value_of(parts, text) for name, row, _, parts, text in self._native.all()}

    def __getitem__(self, name: Union[str, Tuple[str, str]]) -> Answer:
        """``answers["tariff"]``, ``answers["duty", "e1"]``"""
        outcome, row = name if isinstance(name, tuple) else (name, None)
        for answer in self:
            if (answer.outcome, answer.row) == (outcome, row):
                return answer
        raise KeyError(name)

    def rows(self, outcome: str) -> Dict[str, Answer]:
        """The answers for all rows of an outcome, by their keys."""
        return {one.row: one for one in self if one.outcome == outcome and one.row is not None}

    @property
    def missing(self) -> List[str]:
        """What is missing for all answers that are undetermined, in words."""
        return list(self._native.missing())

    @property
    def broken_guarantees(self) -> List[BrokenGuarantee]:
        """The guarantees of the policy that do not hold of these facts on the day asked about."""
        return [
            BrokenGuarantee(name, row, None if on is None else datetime.date.fromisoformat(on), claim)
            for name, row, on, claim in self._native.broken_guarantees()
        ]

    def __str__(self) -> str:
        return self._native.text()

    def __repr__(self) -> str:
        parts = [f"{one.outcome if one.row is None else f'{one.outcome}({one.row!r})'}: {one}" for one in self]
        return f"<Answers {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        head = "<tr><th>outcome</th><th>row</th><th>status</th><th>value</th><th>rules, or what is missing</th></tr>"
        lines = []
        for one in self:
            value = " or ".join(one.possible) if one.value is None else shown(one.value)
            why = one.missing if one.status == "undetermined" else one.rules
            cells = [one.outcome, one.row or "", one.status, value, ", ".join(why)]
            lines.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
        return f"<table>{head}{''.join(lines)}</table>"


class _Told:
    def __init__(self, text: str, document: str) -> None:
        self._text = text
        self._json = document

    @property
    def document(self) -> Dict[str, Any]:
        """All of it as its schema in ``docs/schema`` says."""
        return cast(Dict[str, Any], json.loads(self._json))

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._text)}</pre>"


class Story(_Told):
    """Why an answer is as it is: ``str`` tells it."""


class Timeline(_Told):
    """Answers over time: ``str`` draws them in characters, ``svg`` is a picture."""

    def __init__(self, text: str, svg: str, document: str) -> None:
        super().__init__(text, document)
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg


class Difference(_Told):
    """What changed from one version of a policy to another."""

    def __init__(self, is_change: bool, text: str, markdown: str, page: str, document: str) -> None:
        super().__init__(text, document)
        self.is_change = is_change
        self.markdown = markdown
        self.html = page

    def __bool__(self) -> bool:
        return self.is_change

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{html.escape(self.html)}" style="width: 100%; height: 40em; border: 0"></iframe>'


class Checked(_Told):
    """What is wrong with a policy for some facts or for all."""

    def __init__(self, is_clean: bool, text: str, document: str) -> None:
        super().__init__(text, document)
        self.is_clean = is_clean


class Tested(_Told):
    """What came of the scenarios of a policy."""

    def __init__(self, passed: bool, text: str, document: str) -> None:
        super().__init__(text, document)
        self.passed = passed


class Rows:
    """The answers for the rows of a table, by outcome."""

    def __init__(self, columns: List[Tuple[str, List[Any]]]) -> None:
        self._columns = dict(columns)

    @property
    def outcomes(self) -> List[str]:
        return list(self._columns)

    def statuses(self, outcome: str) -> List[str]:
        """The status of each row."""
        return [status for status, _, _ in self._columns[outcome]]

    def values(self, outcome: str) -> List[Optional[Value]]:
        """The value of each row whose answer is determined, else ``None``."""
        return [value_of(parts, text) for _, parts, text in self._columns[outcome]]

    def __len__(self) -> int:
        return max((len(column) for column in self._columns.values()), default=0)
