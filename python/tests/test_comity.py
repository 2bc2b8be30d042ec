"""What Python programs see is what the command line prints."""

import datetime
import doctest
import json
import os
import pathlib
import subprocess
from decimal import Decimal
from fractions import Fraction

import comity
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLEDGE = ROOT / "policies/pledge.comity"
SHORT = ROOT / "policies/pledge.short.facts.yaml"
ON = datetime.date(2029, 1, 20)

TEXT = """
fact pledged : USD = 550 billion USD
fact disbursed : USD over time
outcome tariff : rate
outcome short : USD rounded down to 0.01 USD
outcome share : number
outcome again : date
outcome kept : bool
guarantee at_most: tariff <= 20%
rule t: if disbursed < pledged then tariff := 25% otherwise tariff := 15%
rule s: short := if disbursed < pledged then pledged - disbursed otherwise 0 USD
rule r: share := disbursed / (3 * pledged)
rule a: again := 2030-01-19
rule k: kept := disbursed >= pledged
"""

DUTY = """
enum Sector = cars, other
entity entry keyed by id dated by entered { id : text  entered : date  value : USD  sector : Sector  heavy : bool }
outcome duty : USD rounded to 0.01 USD for each entry
rule cars for each entry: if entry.sector = cars and entry.entered >= 2025-09-16 then duty := 15% * entry.value
rule other for each entry: if entry.sector = other and not entry.heavy then duty := 10% * entry.value
"""


@pytest.fixture(scope="module")
def policy():
    return comity.Policy.from_text(TEXT)


def test_values_are_exact(policy):
    answers = policy.evaluate({"disbursed": "549_999_999_999.99 USD"}, on=ON)
    tariff = answers["tariff"].value
    assert (tariff.fraction, tariff.decimal, tariff.unit, str(tariff)) == (Fraction(1, 4), Decimal("0.25"), None, "25%")
    short = answers["short"].value
    assert (short.decimal, short.unit) == (Decimal("0.01"), "USD")
    share = answers["share"].value
    assert share.fraction == Fraction(54999999999999, 3 * 55000000000000)
    with pytest.raises(ArithmeticError):
        share.decimal
    assert answers["again"].value == datetime.date(2030, 1, 19)
    assert answers["kept"].value is False
    assert answers.values()["kept", None] is False
    assert [one.name for one in answers.broken_guarantees] == ["at_most"]


def test_what_is_missing_is_said(policy):
    answers = policy.evaluate(on=ON)
    assert answers["tariff"].status == "undetermined"
    assert answers["tariff"].possible == ["15%", "25%"]
    assert answers.missing == ["disbursed as of 2029-01-20"] == answers["tariff"].missing
    assert "undetermined" in answers._repr_html_()


@pytest.mark.parametrize(
    "value, tariff",
    [
        (["0 USD from 2025-09-04", "550 billion USD from 2028-12-31"], "15%"),
        ("600 billion USD", "15%"),
        (f"{Decimal('5.5')} USD", "25%"),
    ],
)
def test_facts_by_name(policy, value, tariff):
    facts = policy.facts(disbursed=value)
    assert str(policy.evaluate(facts, on="2029-01-20")["tariff"]) == tariff
    assert str(policy.evaluate({"facts": {"disbursed": value}}, on=ON)["tariff"]) == tariff


def test_numbers_of_python_are_facts():
    text = "fact n : number\nfact d : date\noutcome o : number\nrule r: o := n + 0\n"
    policy = comity.Policy.from_text(text)
    for value, exact in [(7, 7), (Decimal("0.10"), Fraction(1, 10)), (Fraction(1, 3), Fraction(1, 3))]:
        for answers in [policy.evaluate({"n": value}), policy.evaluate(policy.facts(n=value))]:
            assert answers["o"].value.fraction == exact
    assert policy.facts(d=ON)
    with pytest.raises(TypeError, match=r"n is a binary float, which is not exact: write `Decimal\('0.1'\)`"):
        policy.evaluate({"n": 0.1})
    with pytest.raises(TypeError, match="binary float"):
        policy.facts(n=[0.5])


def test_errors_have_codes_and_places(policy):
    with pytest.raises(comity.ComityError) as caught:
        comity.Policy.from_text("outcome o : rate\nrule r: o := 1 USD\n")
    assert (caught.value.file, caught.value.line) == ("policy.comity", 2)
    assert caught.value.code and str(caught.value).startswith("policy.comity:2:")
    with pytest.raises(comity.ComityError, match="did you mean `disbursed`"):
        policy.evaluate({"disbursd": 1}, on=ON)
    with pytest.raises(comity.ComityError, match="no day is given"):
        comity.Policy.load(PLEDGE).evaluate(SHORT)
    with pytest.raises(comity.ComityError):
        policy.evaluate(on="tomorrow")
    with pytest.raises(KeyError):
        policy.evaluate(on=ON)["tarif"]


def test_reasons_timelines_and_scenarios():
    policy = comity.Policy.load(PLEDGE)
    facts = policy.facts(SHORT)
    assert "snapback" in str(policy.why("tariff", facts, on=ON))
    timeline = policy.timeline(facts, start="2025-01-01", end=datetime.date(2030, 12, 31))
    assert timeline.svg.startswith("<svg") and timeline._repr_svg_() == timeline.svg
    segments = timeline.document["outcomes"]["tariff"]["segments"]
    assert [one["value"] for one in segments][-1] == "25%"
    assert policy.test().passed and policy.check().is_clean


def test_two_versions():
    folder = ROOT / "policies/changes/snapback_cure"
    before, after = (comity.Policy.load(folder / f"{side}.comity") for side in ["before", "after"])
    made = comity.diff(before, after)
    assert made and made.document["clauses"]["changes"][0]["name"] == "snapback"
    assert not comity.diff(before, before)


def test_rows_in_columns():
    policy = comity.Policy.from_text(DUTY)
    columns = {
        "entered": [datetime.date(2025, 9, 15), datetime.date(2025, 9, 16), datetime.date(2026, 1, 1), "2026-01-02"],
        "value [USD]": [100, Decimal("123.45"), Decimal("0.05"), 1],
        "sector": ["cars", "cars", "other", None],
        "heavy": [False, False, False, True],
    }
    rows = policy.run("entry", columns)
    assert rows.statuses("duty") == ["gap", "determined", "determined", "undetermined"]
    assert [value and value.decimal for value in rows.values("duty")] == [None, Decimal("18.52"), Decimal("0.01"), None]
    entries = {
        f"e{at}": {
            "entered": columns["entered"][at],
            "value": f"{columns['value [USD]'][at]} USD",
            "sector": columns["sector"][at],
            "heavy": columns["heavy"][at],
        }
        for at in range(4)
    }
    alone = policy.evaluate({"rows": {"entry": entries}})
    assert [one.value for one in alone] == rows.values("duty")
    assert alone["duty", "e1"].rules == ["cars"] and list(alone.rows("duty")) == list(entries)
    with pytest.raises(TypeError, match=r"value \[USD\], row 2, is a binary float"):
        policy.run("entry", {"value [USD]": [1, 0.5]})
    with pytest.raises(comity.ComityError, match="does not say what its numbers count"):
        policy.run("entry", {"value": [1]})


def facts_files():
    """Those that are quickly answered: all others are compared by the tests of the library."""
    for path in sorted(ROOT.glob("policies/*.facts.yaml")):
        yield ROOT / "policies" / f"{path.name.split('.')[0]}.comity", path
    yield ROOT / "policies/korea", next(iter(sorted(ROOT.glob("policies/korea/facts/*.yaml"))))


COMMAND = os.environ.get("COMITY")


@pytest.mark.skipif(not COMMAND, reason="COMITY names no program to compare with")
@pytest.mark.parametrize("policy, facts", [pytest.param(*pair, id=pair[1].name) for pair in facts_files()])
def test_answers_are_those_of_the_command_line(policy, facts, monkeypatch):
    monkeypatch.chdir(ROOT)
    policy, facts = policy.relative_to(ROOT), facts.relative_to(ROOT)
    ran = subprocess.run(
        [COMMAND, "eval", str(policy), str(facts), "--on", "2029-01-20", "--format", "json"],
        capture_output=True,
        text=True,
    )
    answers = comity.Policy.load(policy).evaluate(facts, on="2029-01-20")
    assert answers.document == json.loads(ran.stdout)
    for answer in answers:
        if isinstance(answer.value, comity.Amount):
            assert str(answer.value) == answer.document["value"]


def test_examples_of_the_docstrings_run():
    assert doctest.testmod(comity).failed == 0
