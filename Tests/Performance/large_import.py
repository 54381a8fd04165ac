"""What a spreadsheet of many rows costs, by the real commands: template, filling in (not counted), import as dry run, import --apply
--hand-in, due. Makes a configuration with ROWS initiatives of BIF more (marked as example data), in a folder of its own.

    python3 Tests/Performance/large_import.py [--rows 10000] [--pejling .build/release/pejling]

Prints a Markdown table: seconds by the clock and the largest resident size of any process of the step (ru_maxrss of wait4).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import openpyxl

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--rows", type=int, default=10_000)
parser.add_argument("--pejling", default=".build/release/pejling")
options = parser.parse_args()

folder = tempfile.mkdtemp(prefix="pejling-large-")
config, data = folder + "/Config", folder + "/var"
shutil.copytree("Config", config)
with open(config + "/forvaltninger/BIF/lgbti.yaml", "a") as catalogue:
    for number in range(options.rows):
        catalogue.write(
            f"""  - id: eksempel-{number}
    kind: marked
    mandate: decided
    title:
      da: Eksempel {number}
      en: Example {number}
    title_basis: derived
    section: Fremme af demokratiske værdier
    section_lines: 151
    lines: 158-167
    purpose:
      da: Et eksempel.
      en: An example.
    goals: [lgbti/maal]
"""
        )


ANSWER = {
    "Stade": "I gang efter planen",
    "Hvad er gjort": "Eksempel: det er gjort, som var planlagt, og lidt mere til.",
    "Hvorfor nyt stade": "Eksempel: arbejdet er kommet videre.",
}


class Measured:
    """One command: its output, seconds, and the largest process it waited for, in MiB."""

    def __init__(self, *arguments, ok=(0,)):
        command = [os.path.abspath(options.pejling), *arguments, "--data", data, "--config", config]
        start = time.monotonic()
        out = open(folder + "/out", "w+b")
        process = subprocess.Popen(
            [sys.executable, "-c", "import resource,subprocess,sys;c=subprocess.call(sys.argv[1:]);"
             "print('\\nmaxrss',resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,file=sys.stderr);sys.exit(c)",
             *command], stdout=out, stderr=subprocess.PIPE)
        errors = process.stderr.read().decode()
        code = process.wait()
        self.seconds = time.monotonic() - start
        self.memory = int(errors.rsplit("maxrss", 1)[1]) // 1024
        out.seek(0)
        self.output = out.read().decode()
        if code not in ok:
            sys.exit(f"{' '.join(arguments)}: exit code {code}\n{self.output[-2000:]}\n{errors[-2000:]}")


print(f"| step, {options.rows} rows | s | MiB of the largest process |\n|---|--:|--:|")


def row(name, measured):
    print(f"| {name} | {measured.seconds:.2f} | {measured.memory} |", flush=True)


try:
    row("`up --synthetic --once` (first start: all is published)",
        Measured("up", "--synthetic", "--once", "--out", folder + "/reports", ok=(0, 3)))
    sheet = folder + "/bif.xlsx"
    row("`template`", Measured("template", "--node", "BIF", "--follow-up", "lgbti/2019", "--out", sheet, "--lang", "da"))
    book = openpyxl.load_workbook(sheet)
    filled = 0
    for page in book.worksheets:
        titles = None
        for cells in page.iter_rows():
            values = [cell.value for cell in cells]
            if titles is None:
                if "Hvad er gjort" in values and "Id" in values:
                    titles = values
                continue
            for title, text in ANSWER.items():
                cells[titles.index(title)].value = text
            filled += 1
    book.save(sheet)
    assert filled > options.rows, filled
    print(f"(filled in: {filled} rows, {os.path.getsize(sheet) / 1e6:.1f} MB)", file=sys.stderr)
    row("`import`, dry run", Measured("import", sheet, "--node", "BIF", "--hand-in"))
    applied = Measured("import", sheet, "--node", "BIF", "--hand-in", "--apply", "--format", "json")
    row("`import --apply --hand-in`", applied)
    assert json.loads(applied.output)["applied"] and len(json.loads(applied.output)["changes"]) == filled
    row("`due --node BIF`", Measured("due", "--node", "BIF"))
    row("`up --once` (all goes to the ledger)", Measured("up", "--synthetic", "--once", "--out", folder + "/reports", ok=(0, 3)))
    row("`due`", Measured("due"))
finally:
    shutil.rmtree(folder)
