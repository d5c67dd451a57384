#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""vardnavctl rules and readings, as a shell sees them: exit codes, streams, one line for a fault."""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "rules/templates"
PROGRAM = sys.argv.pop() if len(sys.argv) > 1 else "vardnavctl"
LOW = '{"id":"g%d","at":"2026-11-24T%02d:00:00Z","code":"glucose","value":"%s","unit":"mmol/L"}\n'


def readme_commands():
    """Every line of the README that runs the built vardnavctl."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("build/dev/bin/vardnavctl ")]


class Verbs(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="vardnav-rules-")
        self.addCleanup(self.directory.cleanup)

    def path(self, name, text):
        path = pathlib.Path(self.directory.name) / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run_verb(self, *arguments, stdin=None):
        return subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, text=True,
                              timeout=60, check=False)

    def refused(self, *arguments):
        """The lines said of it; nothing goes to standard output."""
        ran = self.run_verb(*arguments)
        self.assertEqual((ran.returncode, ran.stdout), (1, ""), ran)
        return ran.stderr.splitlines()

    def test_a_good_document_and_all_templates_pass_in_silence(self):
        for path in (TEMPLATES / "pulse.json", TEMPLATES):
            ran = self.run_verb("rules", "check", str(path))
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""))

    def test_each_fault_is_a_line_with_its_place(self):
        document = json.loads((TEMPLATES / "pulse.json").read_text(encoding="utf-8"))
        document["levels"][0]["gate"] = "maybe"
        document["cool"] = 1
        path = self.path("bad.json", json.dumps(document))
        ran = self.run_verb("rules", "check", path)
        lines = ran.stdout.splitlines()
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(len(lines), 2, ran.stdout)
        self.assertTrue(all(line.startswith(path + ": /") for line in lines), lines)
        self.assertIn(": /levels/0/gate: ", ran.stdout)

    def test_the_readmes_commands_do_what_it_says(self):
        commands = readme_commands()
        self.assertEqual([command[1] for command in commands], ["check", "explain", "replay"])
        for command in commands:
            ran = subprocess.run([PROGRAM, *command], cwd=ROOT, capture_output=True, text=True,
                                 timeout=60, check=False)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), command)
        told = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertIn(("glucose-low", "raised", ["g-4", "g-3"]),
                      [(line["rule"], line["transition"], line["inputs"]) for line in told])

    def test_nothing_behind_a_nul_is_passed_over(self):
        whole = (TEMPLATES / "pulse.json").read_text(encoding="utf-8")
        ran = self.run_verb("rules", "check", self.path("nul.json", whole + "\0nonsense"))
        self.assertEqual(ran.returncode, 1)
        self.assertIn("NUL", ran.stdout)
        lines = self.path("nul.ndjson", LOW % (1, 8, "2.5") + (LOW % (2, 9, "2.5"))[:-1] + "\0x\n")
        self.assertIn("nul.ndjson:2: not JSON", "".join(self.refused(
            "rules", "replay", "--rules", str(TEMPLATES), "--readings", lines)))

    def test_a_directory_names_the_file_at_fault(self):
        self.path("a.json", (TEMPLATES / "pulse.json").read_text(encoding="utf-8"))
        self.path("b.json", "{")
        ran = self.run_verb("rules", "check", self.directory.name)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("b.json", ran.stdout)

    def test_explain_is_one_sentence_in_either_language(self):
        said = {language: self.run_verb("rules", "explain", str(TEMPLATES / "pulse.json"), "--lang",
                                        language).stdout for language in ("sv", "en")}
        self.assertEqual([text.count("\n") for text in said.values()], [1, 1], said)
        self.assertNotEqual(said["sv"], said["en"])
        self.assertEqual(said["en"], self.run_verb("rules", "explain",
                                                   str(TEMPLATES / "pulse.json")).stdout)

    def test_explain_names_each_rule_of_several(self):
        ran = self.run_verb("rules", "explain", str(TEMPLATES))
        names = [line.split(": ")[0] for line in ran.stdout.splitlines()]
        self.assertEqual(names, [path.stem for path in sorted(TEMPLATES.glob("*.json"))])

    def replayed(self, *more, readings=LOW % (1, 8, "2.8"), rules=None):
        return ("rules", "replay", "--rules", rules or str(TEMPLATES / "glucose-low.json"),
                "--readings", self.path("r.ndjson", readings), *more)

    def test_replay_reads_standard_input_and_writes_lines(self):
        ran = self.run_verb("rules", "replay", "--rules", str(TEMPLATES / "glucose-low.json"),
                            "--readings", "-", stdin=LOW % (1, 8, "2.8"))
        line = json.loads(ran.stdout)
        self.assertEqual((line["transition"], line["priority"], line["inputs"]),
                         ("raised", "P1", ["g1"]))

    def test_the_same_file_gives_the_same_octets(self):
        text = "".join(LOW % (n, n, value) for n, value in
                       enumerate(("2.8", "5.0", "3.4", "LO", "15.0", "HI", "NaN", "3.9")))
        command = self.replayed(readings=text, rules=str(TEMPLATES))
        first, second = self.run_verb(*command), self.run_verb(*command)
        self.assertGreater(len(first.stdout.splitlines()), 3)
        self.assertEqual(first.stdout, second.stdout)

    def test_why_comes_in_both_languages(self):
        told = {language: json.loads(self.run_verb(*self.replayed("--lang", language)).stdout)["why"]
                for language in ("sv", "en")}
        self.assertNotEqual(told["sv"], told["en"])

    def test_faults_name_file_and_line_or_option(self):
        path = str(pathlib.Path(self.directory.name) / "r.ndjson")
        self.assertEqual(self.refused(*self.replayed(readings=LOW % (1, 8, "2.8") + "{}\n")),
                         [f'{path}:2: "at" is missing: the time of the measurement'])
        self.assertEqual(self.refused(*self.replayed("--from", "yesterday")),
                         ["--from: yesterday is no RFC 3339 time: 2026-11-24T07:30:00Z"])
        self.assertEqual(self.refused(*self.replayed("--from", "2026-11-25T00:00:00Z", "--until",
                                                     "2026-11-24T00:00:00Z")),
                         ["--until is before --from"])
        context = self.path("c.json", '{"format":1,"fact":{}}')
        self.assertEqual(self.refused(*self.replayed("--context", context)),
                         [f"{context}: /fact: unknown member"])
        self.assertIn("cannot be opened", self.refused(*self.replayed(rules="/none"))[0])

    def test_an_unknown_field_is_a_warning(self):
        text = LOW % (1, 8, "5.0")
        ran = self.run_verb(*self.replayed(readings=text.replace('"id"', '"ide"')))
        self.assertEqual((ran.returncode, ran.stdout), (0, ""))
        self.assertIn(':1: field "ide" is unknown', ran.stderr)

    def test_against_writes_the_difference_and_the_figures(self):
        old = json.loads((TEMPLATES / "glucose-low.json").read_text(encoding="utf-8"))
        new = json.loads(json.dumps(old))
        for level in new["levels"]:
            if level["priority"] == "P1":
                level["when"]["limits"] = [{"value": "45", "unit": "mg/dL"},
                                           {"value": "2.5", "unit": "mmol/L"}]
        new["levels"] = [level for level in new["levels"] if level["priority"] == "P1"]
        ran = self.run_verb(*self.replayed("--against", self.path("old.json", json.dumps(old)),
                                           rules=self.path("new.json", json.dumps(new)),
                                           readings=LOW % (1, 8, "2.8") + LOW % (2, 20, "2.4")))
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual([line.get("difference") for line in lines], ["only-in-old", None], ran)
        self.assertEqual(lines[0]["old"]["inputs"], ["g1"])
        figures = lines[-1]["summary"]
        self.assertEqual((figures["old"]["P1"]["alerts"], figures["new"]["P1"]["alerts"]), (2, 1))
        self.assertEqual(figures["new"]["P1"]["per_patient_week"], "14.000")

    def test_what_would_not_end_is_refused(self):
        line = LOW.replace("T%02d:00:00Z", "T08:00:00Z")
        crowd = "".join(line % (n, "2.8") for n in range(101))
        self.assertIn("more than 100 readings of glucose at", self.refused(
            *self.replayed(readings=crowd))[0])
        far = LOW % (1, 8, "5.0") + (LOW % (2, 8, "5.0")).replace("2026-", "2226-")
        self.assertIn("more than 100 years", self.refused(*self.replayed(readings=far))[0])

    def test_the_clock_stops_at_until(self):
        waiting = LOW % (1, 8, "3.5") + LOW % (2, 12, "6.0")
        told = self.run_verb(*self.replayed("--until", "2026-11-24T08:14:59Z", readings=waiting))
        self.assertEqual([json.loads(line)["transition"] for line in told.stdout.splitlines()
                          if '"raised"' in line and "08:15" in line], [])

    def test_an_export_needs_a_journal(self):
        self.assertIn("is not there", self.refused("readings", "export", "--journal", "/none.db")[0])


if __name__ == "__main__":
    unittest.main()
