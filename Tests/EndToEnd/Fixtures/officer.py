"""An officer at a real terminal (a pseudo-terminal of 80 columns): answers what `pejling status` asks.

Usage: officer.py SCENARIO PEJLING [ARGUMENT ...]   in the folder of the data
Prints one JSON object: exit code, keystrokes (each key once, Enter included), the screen's text.
"""
import json
import sys

import pexpect

SENTENCE = "Kurset er holdt to gange med god tilslutning"


class Officer:
    def __init__(self, command):
        self.keys = 0
        self.screen = []
        self.child = pexpect.spawn(command[0], command[1:], dimensions=(40, 80), encoding="utf-8", timeout=20)
        self.child.delaybeforesend = None

    def see(self, *patterns):
        index = self.child.expect(list(patterns))
        self.screen.append(self.child.before + self.child.after)
        return index

    def press(self, text):
        self.keys += len(text)
        self.child.send(text.replace("\n", "\r"))

    def type(self, text):
        self.press(text + "\n")

    def end(self):
        self.child.expect(pexpect.EOF)
        self.screen.append(self.child.before)
        self.child.close()
        return self.child.exitstatus


STATE = r"> (\[Enter = som sidst\] )?$"


def first_year(officer):
    """A state and a sentence for each thing; the reason where the state changes; handed in at the end."""
    while True:
        seen = officer.see(STATE, r"hvad er gjort[^\n]*: $", r"hvorfor fra [^\n]*: $", r"Indlever nu\? \[J/n\] $")
        if seen == 0:
            officer.press("4")
        elif seen == 1:
            officer.type(SENTENCE)
        elif seen == 2:
            officer.type("Nyt år")
        else:
            officer.press("j")
            return


def as_last(officer):
    """Enter keeps last time's answer; handed in at the end."""
    while officer.see(STATE, r"Indlever nu\? \[J/n\] $") == 0:
        officer.press("\n")
    officer.press("j")


def stops(officer):
    """A change without a reason is asked for again; back, skip, and stop: what was said is kept."""
    officer.see(STATE)
    officer.press("s")
    officer.see(STATE)
    officer.press("b")
    officer.see(STATE)
    officer.press("5")
    officer.see(r"hvad er gjort[^\n]*: $")
    officer.type("Æblet faldt – “langt” fra stammen")
    officer.see(r"afvigelse og årsag[^\n]*: $")
    officer.type("Sygdom")
    officer.see(r"hvad gøres ved det[^\n]*: $")
    officer.type("")
    officer.see(r"hvorfor fra [^\n]*: $")
    officer.type("")
    officer.see(r"hvorfor fra [^\n]*: $")
    officer.type("Sygdom hos to")
    officer.see(STATE)
    officer.press("q")


def figure(officer):
    """A number that can be read in two ways is asked about; a percentage needs its denominator; Danish decimals."""
    officer.see(r"Hvilken[^\n]*: $")
    officer.type("integration/2019")
    asked = given = False
    while True:
        seen = officer.see(
            r"værdi for [^\n]*\(percent\): $", r"værdi for [^\n]*\): $", r"af hvor mange \(nævner\): $",
            r"Indlever nu\? \[J/n\] $")
        if seen == 3:
            officer.press("n")
            return
        if seen == 2:
            officer.type("41000")
        elif not asked:
            officer.type("1.000")
            officer.see(r"kan læses på to måder")
            asked = True
        elif seen == 0 and not given:
            officer.type("56,5")
            given = True
        else:
            officer.type("s")


def keeps(officer):
    """Asked whether the body of a record is to go: no."""
    officer.see(r"It cannot be undone\. \[y/N\] $")
    officer.type("n")


def presses_enter(officer):
    """Enter alone is no."""
    officer.see(r"It cannot be undone\. \[y/N\] $")
    officer.type("")


def removes(officer):
    """The same question: yes."""
    officer.see(r"It cannot be undone\. \[y/N\] $")
    officer.type("y")


if __name__ == "__main__":
    officer = Officer(sys.argv[2:])
    scenarios = [first_year, as_last, stops, figure, keeps, presses_enter, removes]
    {scenario.__name__: scenario for scenario in scenarios}[sys.argv[1]](officer)
    code = officer.end()
    print(json.dumps({"code": code, "keys": officer.keys, "screen": "".join(officer.screen)}, ensure_ascii=False))
