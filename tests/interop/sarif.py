"""`gdata-auth migrate scan --format sarif` before the published schema of SARIF 2.1.0 (rtm.5, as npm's
@microsoft/jest-sarif ships it) and the JSON Schema validator of PyPI."""

import json
import os
import tempfile

import jsonschema

from checks import equal, run
from command_line import gdata_auth

with open(os.environ["SARIF_SCHEMA"], encoding="utf-8") as file:
    JUDGE = jsonschema.Draft7Validator(json.load(file), format_checker=jsonschema.FormatChecker())
TREE = os.environ["LEGACY"]


def complaints(text):
    return ["%s: %s" % ("/".join(map(str, each.absolute_path)), each.message) for each in JUDGE.iter_errors(json.loads(text))]


def a_whole_tree():
    code, out, _ = gdata_auth("migrate", "scan", "--format", "sarif", "--look-alikes", TREE)
    equal("a tree with findings is exit 1", 1, code)
    equal("its report is valid", [], complaints(out)[:5])
    found = json.loads(out)["runs"][0]
    equal("it has hundreds of results", True, len(found["results"]) > 300)
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    equal("each names its rule", [], [each for each in found["results"] if rules[each["ruleIndex"]] != each["ruleId"]][:1])


def against_a_baseline():
    with tempfile.TemporaryDirectory() as folder:
        known = os.path.join(folder, "known.json")
        gdata_auth("migrate", "scan", "--baseline", known, "--write-baseline", TREE)
        code, out, _ = gdata_auth("migrate", "scan", "--format", "sarif", "--baseline", known, TREE)
    equal("what is known is exit 0", 0, code)
    equal("the report is valid", [], complaints(out)[:5])
    states = {each["baselineState"] for each in json.loads(out)["runs"][0]["results"]}
    equal("its results are unchanged", {"unchanged"}, states)


def nothing_and_bad_files():
    with tempfile.TemporaryDirectory() as folder:
        _, out, _ = gdata_auth("migrate", "scan", "--format", "sarif", folder)
        equal("a report without results is valid", [], complaints(out))
        with open(os.path.join(folder, "a b%c.bin"), "wb") as file:
            file.write(bytes(range(256)))
        _, out, _ = gdata_auth("migrate", "scan", "--format", "sarif", folder)
        equal("a report of a binary is valid", [], complaints(out))
        told = json.loads(out)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        equal("and names it", 1, len(told))


def the_judge_judges():
    """A validator that takes everything would prove nothing."""
    equal("a result without a message is refused", True, bool(complaints(json.dumps(
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"ruleId": "W1"}]}]}))))


run(a_whole_tree, against_a_baseline, nothing_and_bad_files, the_judge_judges)
