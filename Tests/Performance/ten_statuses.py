"""Keystrokes to hand in the statuses of one forvaltning, by each way, at a real terminal (a pseudo-terminal of 80 columns with bash).

    .venv/bin/python3 Tests/Performance/ten_statuses.py [--node SUF] [--pejling .build/release/pejling]

Every answer has a state, a sentence of 44 characters and, where the state changes, a reason of 6. Each key counts once, Enter and Tab
included; nothing is completed or called back by the shell. Minutes: the keys at 200 a minute (40 words), and what the machine took.
In a spreadsheet program nothing is pressed here: what is typed into the cells is counted (the first letters of a state until it is
the only one of the list, Tab to the next cell, Enter at the end of a row), and openpyxl puts it there; the commands are real.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

import pexpect

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../EndToEnd/Fixtures"))
import officer as fixture  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--node", default="SUF")
parser.add_argument("--pejling", default=".build/release/pejling")
options = parser.parse_args()
FOLLOW_UP, SENTENCE, REASON = "lgbti/2019", fixture.SENTENCE, "Nyt år"
pejling = os.path.abspath(options.pejling)


class Way:
    """A data folder of its own with the policies in it, and a count."""

    def __init__(self, name):
        self.name, self.keys, self.machine, self.statuses = name, 0, 0.0, 0
        self.data = tempfile.mkdtemp(prefix="pejling-ten-")
        self.run("up", "--synthetic", "--once", "--out", self.data + "/reports")

    def run(self, *arguments):
        return subprocess.run([pejling, *arguments, "--data", self.data], check=True, capture_output=True, text=True).stdout

    def due(self):
        lines = self.run("due", "--node", options.node, "--format", "csv").splitlines()
        columns = lines[0].split(",")
        rows = [dict(zip(columns, line.split(","))) for line in lines[1:]]
        return [row["about"] for row in rows if row["follow_up"] == FOLLOW_UP and row["kind"] == "status" and row["state"] == "missing"]

    def shell(self):
        """bash, in which `pejling` is on the path and finds its folder, as on an officer's machine."""
        bin_folder = self.data + "/bin"
        os.makedirs(bin_folder)
        with open(bin_folder + "/pejling", "w") as script:
            script.write(f'#!/bin/sh\nexec {pejling} "$@" --data {self.data}\n')
        os.chmod(bin_folder + "/pejling", 0o755)
        shell = pexpect.spawn("bash", ["--norc", "-i"], dimensions=(40, 200), encoding="utf-8", timeout=60,
                              env=dict(os.environ, PATH=bin_folder + ":" + os.environ["PATH"], PS1="ready> ", TERM="dumb"))
        shell.expect("ready> ")
        return shell

    def command(self, shell, text):
        self.keys += len(text) + 1
        start = time.monotonic()
        shell.sendline(text)
        shell.expect("\nready> ")
        self.machine += time.monotonic() - start
        return shell.before

    def end(self):
        left = self.due()
        assert not left, f"{self.name}: {left} are still missing"
        minutes = (self.keys / 200 + self.machine / 60) * 10 / self.statuses
        print(f"| {self.name} | {self.statuses} | {self.keys} | {self.keys * 10 / self.statuses:.0f} | {self.machine:.1f} s | {minutes:.1f} |", flush=True)
        shutil.rmtree(self.data)


print(f"| way | statuses of {options.node} | keys | keys for ten | machine | minutes for ten |\n|---|--:|--:|--:|--:|--:|")

way = Way("asked at the terminal, `pejling status`")
way.statuses = len(way.due())
start = time.monotonic()
person = fixture.Officer([pejling, "status", "--node", options.node, "--follow-up", FOLLOW_UP, "--data", way.data])
fixture.first_year(person)
assert person.end() == 0
way.machine = time.monotonic() - start
way.keys = person.keys + len(f"pejling status --node {options.node} --follow-up {FOLLOW_UP}\n")
way.end()

way = Way("flags, one command each, `hand-in` last")
shell = way.shell()
due = way.due()
way.statuses = len(due)
for about in due:
    way.command(shell, f'pejling status {about} --node {options.node} --follow-up {FOLLOW_UP} --delivery on_track '
                       f'--done "{SENTENCE}" --reason "{REASON}"')
way.command(shell, f"pejling hand-in {FOLLOW_UP} --node {options.node}")
way.end()

way = Way("spreadsheet: `template`, a row each, `import --apply --hand-in`")
shell = way.shell()
way.statuses = len(way.due())
sheet = way.data + "/a.xlsx"
way.command(shell, f"pejling template --node {options.node} --follow-up {FOLLOW_UP} --out {sheet}")
way.keys -= len(sheet) - len("a.xlsx")
way.keys += way.statuses * (len("I gang e") + 1 + len(SENTENCE) + 1 + len(REASON) + 1)
subprocess.run(["/usr/bin/python3", "-c", f"""
import openpyxl
book = openpyxl.load_workbook({sheet!r})
page = book.worksheets[0]
rows = list(page.iter_rows())
head = next(number for number, row in enumerate(rows) if any(cell.value == "Hvad er gjort" for cell in row))
titles = [cell.value for cell in rows[head]]
for row in rows[head + 1:]:
    for title, text in (("Stade", "I gang efter planen"), ("Hvad er gjort", {SENTENCE!r}), ("Hvorfor nyt stade", {REASON!r})):
        row[titles.index(title)].value = text
book.save({sheet!r})
"""], check=True)
way.command(shell, f"pejling import {sheet} --node {options.node} --apply --hand-in")
way.keys -= len(sheet) - len("a.xlsx")
way.end()
