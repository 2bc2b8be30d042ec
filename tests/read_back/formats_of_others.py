"""What `check` and `test` say in formats of others, held against the schemas that these have.

    python tests/read_back/formats_of_others.py PROGRAM SARIF_SCHEMA JUNIT_SCHEMA

The policies of the repository are checked and tested, and what drafters get wrong (`tests/mistakes`). The first document
that is not as its schema wants it ends it.
"""

import json
import pathlib
import subprocess
import sys

import jsonschema
import xmlschema

program, sarif_schema, junit_schema = (pathlib.Path(name).resolve() for name in sys.argv[1:])
sarif = jsonschema.Draft7Validator(json.loads(sarif_schema.read_text()))
junit = xmlschema.XMLSchema(str(junit_schema))
root = pathlib.Path(__file__).parents[2]


def said(command, format, policy, text):
    asked = [str(program), command, policy, "--format", format]
    if command == "check":
        asked.append("--no-findings")
    ran = subprocess.run(asked, input=text, capture_output=True, text=True, cwd=root)
    if ran.returncode not in (0, 1, 2) or not ran.stdout:
        sys.exit(f"{asked}: exit {ran.returncode}, {ran.stderr}")
    return asked, ran.stdout


def mistakes():
    """Each as it is written, alone: what surrounds it does not matter here."""
    for one in json.loads((root / "tests/mistakes/mistakes.json").read_text()):
        yield one.get("write", "")


counts = {"sarif": 0, "junit": 0, "results": 0, "failures": 0}


def sarif_of(policy, text=None):
    asked, out = said("check", "sarif", policy, text)
    document = json.loads(out)
    for error in sarif.iter_errors(document):
        sys.exit(f"{asked}: {error.json_path}: {error.message}\n{out}")
    counts["sarif"] += 1
    counts["results"] += len(document["runs"][0]["results"])


def junit_of(command, policy, text=None):
    asked, out = said(command, "junit", policy, text)
    for error in junit.iter_errors(out):
        sys.exit(f"{asked}: {error.path}: {error.reason}\n{out}")
    counts["junit"] += 1
    counts["failures"] += out.count("<failure")


for path in sorted([*root.glob("policies/**/*.comity"), *root.glob("tests/**/*.comity")]):
    name = str(path.relative_to(root))
    sarif_of(name)
    junit_of("check", name)
    junit_of("test", name)
for text in mistakes():
    sarif_of("-", text)
    junit_of("check", "-", text)

print(counts)
if min(counts.values()) < 300:
    sys.exit("too few were said")
