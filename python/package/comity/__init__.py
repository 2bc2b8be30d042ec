"""Rules of trade agreements, run, explained and compared.

>>> import comity
>>> policy = comity.Policy.from_text('''
... fact disbursed : USD
... outcome tariff : rate
... rule t: if disbursed >= 550 billion USD then tariff := 15% otherwise tariff := 25%
... ''')
>>> answers = policy.evaluate({"disbursed": "549_999_999_999.99 USD"})
>>> answers["tariff"].value
Amount('25%')
>>> answers["tariff"].value.decimal
Decimal('0.25')
>>> policy.evaluate({}).missing
['disbursed']
"""

from ._comity import version as __version__
from ._answers import Answer, Amount, Answers, BrokenGuarantee, Checked, Difference, Rows, Story, Tested, Timeline
from ._errors import ComityError
from ._policy import Facts, Policy, diff

__all__ = [
    "Amount",
    "Answer",
    "Answers",
    "BrokenGuarantee",
    "Checked",
    "ComityError",
    "Difference",
    "Facts",
    "Policy",
    "Rows",
    "Story",
    "Tested",
    "Timeline",
    "__version__",
    "diff",
]
