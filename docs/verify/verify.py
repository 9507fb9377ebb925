#!/usr/bin/env python3
"""Recount a published edition without trusting the people who published it.

Needs Python 3.11 and nothing else: no database, no network, none of the award's own code. It reads an exported edition
package (a folder of CSV files, or a .zip of that folder), recounts every figure, place and award by the published
scoring rules in exact fractions, and compares

  - the package's hash with the one published before the announcement   (--hash)
  - each file's hash with the list published with it                    (--sums)
  - every figure, place and award with the published results            (--results results.json)

    python3 verify.py ksp-2022/ --hash 4f1c… --sums SHA256SUMS --results results.json

Exit code 0: everything agrees. 1: something differs, and each difference is named. 2: the package could not be read.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import pathlib
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

ANSWERED_AREAS = ("welcome", "agent", "overall")
AREAS = ("wait", *ANSWERED_AREAS)
CHANNELS = ("telephone", "email", "chat", "messenger")
METRICS = ("ces", "csat", "nps", "ves1", "ves2")
FIGURES = ("total", "answered_total", *AREAS, *CHANNELS, *METRICS)
DEFAULT_MIN_COUNTED, DEFAULT_MIN_CHANNEL = 20, 5

Row = dict[str, str]
Values = dict[str, Fraction | None]


class Package:
    """The files of a package as bytes, and as rows of text."""

    def __init__(self, path: pathlib.Path) -> None:
        self.files = dict(self._read(path))

    @staticmethod
    def _read(path: pathlib.Path) -> Iterator[tuple[str, bytes]]:
        if path.is_dir():
            for file in path.glob("*.csv"):
                yield file.name, file.read_bytes()
            return
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    yield pathlib.PurePosixPath(name).name, archive.read(name)

    def rows(self, table: str) -> list[Row]:
        content = self.files.get(f"{table}.csv")
        if content is None:
            return []
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))

    def sums(self) -> dict[str, str]:
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}

    def root(self) -> str:
        """The same as `sha256sum *.csv | sha256sum` in the folder."""
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums().items()))
        return hashlib.sha256(listing.encode()).hexdigest()


def mean(values: Iterable[Fraction]) -> Fraction | None:
    numbers = list(values)
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def yes(cell: str) -> bool:
    return cell == "yes"


class Recount:
    """Every figure of an edition, computed from the raw answers in the package."""

    def __init__(self, package: Package) -> None:
        self.edition = {row["key"]: row["value"] for row in package.rows("edition")}
        self.participants = {row["participant"]: row for row in package.rows("participants")}
        self.questions = {row["question"]: row for row in package.rows("questions")}
        self.options: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in package.rows("options"):
            self.options[row["question"]][row["option"]] = row
        self.bands = self._bands(package.rows("wait_bands"))
        self.ticked: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.values: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for row in package.rows("answers"):
            if row["option"]:
                self.ticked[row["contact"]][row["question"]].add(row["option"])
            else:
                self.values[row["contact"]][row["question"]] = Fraction(row["value"])
        self.contacts = [row for row in package.rows("contacts") if self._counts(row)]
        self.scores = {row["contact"]: self._score(row) for row in self.contacts}
        self.by_participant: dict[str, list[Row]] = {code: [] for code in self.participants}
        for row in self.contacts:
            self.by_participant[row["participant"]].append(row)
        self.figures = {code: self._participant(rows) for code, rows in self.by_participant.items()}
        self._rank()

    @staticmethod
    def _bands(rows: list[Row]) -> dict[str, list[tuple[Fraction | None, Fraction]]]:
        bands: dict[str, list[tuple[Fraction | None, Fraction]]] = defaultdict(list)
        for row in rows:
            limit = Fraction(row["up_to"]) if row["up_to"] else None
            bands[row["channel"]].append((limit, Fraction(row["percent"])))
        for limits in bands.values():
            limits.sort(key=lambda band: (band[0] is None, band[0] or 0))
        return bands

    @staticmethod
    def _counts(contact: Row) -> bool:
        return contact["outcome"] in ("answered", "no_answer") and contact["review"] in ("", "approved")

    def _score(self, contact: Row) -> dict[str, Fraction]:
        """The contact's area scores, and its own score under the key `score`."""
        if contact["outcome"] == "no_answer":
            return {"score": Fraction(0)}
        areas = {"wait": self._wait(contact)}
        for area in ANSWERED_AREAS:
            value = self._area(contact, area)
            if value is not None:
                areas[area] = value
        weights = {area: Fraction(self.edition[f"weight_{area}"]) for area in areas}
        weight = sum(weights.values(), Fraction(0))
        if not weight:
            raise SystemExit(f"contacts.csv: {contact['contact']} has no area with a weight")
        return {**areas, "score": sum((weights[area] * areas[area] for area in areas), Fraction(0)) / weight}

    def _wait(self, contact: Row) -> Fraction:
        wait = Fraction(contact["wait"])
        for limit, percent in self.bands[contact["channel"]]:
            if limit is None or wait <= limit:
                return percent
        raise SystemExit(f"contacts.csv: {contact['contact']} waited beyond every band")

    def _area(self, contact: Row, area: str) -> Fraction | None:
        obtained = possible = Fraction(0)
        for code, question in self.questions.items():
            chosen = self.ticked[contact["contact"]].get(code)
            if question["area"] != area or question["kind"] == "scale" or not chosen:
                continue
            if question["channels"] and contact["channel"] not in question["channels"].split():
                continue
            options = self.options[code]
            if any(yes(options[option]["not_applicable"]) for option in chosen):
                continue
            points = {option: Fraction(row["points"]) for option, row in options.items() if row["points"]}
            if not points:
                continue
            obtained += sum((points.get(option, Fraction(0)) for option in chosen), Fraction(0))
            possible += max(points.values()) if question["kind"] == "single" else sum(points.values(), Fraction(0))
        return 100 * obtained / possible if possible else None

    def _participant(self, rows: list[Row]) -> Values:
        answered = [row for row in rows if row["outcome"] == "answered"]
        figures: Values = {
            "contacts": Fraction(len(rows)),
            "answered": Fraction(len(answered)),
            "total": mean(self.scores[row["contact"]]["score"] for row in rows),
            "answered_total": mean(self.scores[row["contact"]]["score"] for row in answered),
        }
        for area in AREAS:
            known = (self.scores[row["contact"]].get(area) for row in answered)
            figures[area] = mean(score for score in known if score is not None)
        for channel in CHANNELS:
            figures[channel] = mean(self.scores[row["contact"]]["score"] for row in rows if row["channel"] == channel)
        return {**figures, **self._experience(answered)}

    def _experience(self, answered: list[Row]) -> Values:
        asked = {row["metric"]: code for code, row in self.questions.items() if row["metric"]}
        figures: Values = {}
        for metric in METRICS:
            found = (self.values[row["contact"]].get(asked.get(metric, "")) for row in answered)
            given = [value for value in found if value is not None]
            figures[metric] = self._promoters(given) if metric == "nps" else mean(given)
        return figures

    @staticmethod
    def _promoters(given: list[Fraction]) -> Fraction | None:
        if not given:
            return None
        return Fraction(100 * (sum(value >= 9 for value in given) - sum(value <= 6 for value in given)), len(given))

    def _rank(self) -> None:
        least = Fraction(self.edition.get("min_counted") or DEFAULT_MIN_COUNTED)
        ranked = [
            code for code, row in self.figures.items() if (row["contacts"] or 0) >= least and row["total"] is not None
        ]
        self.rank_overall = self._places(ranked)
        self.rank_in_class: dict[str, int] = {}
        for name in {row["class"] for row in self.participants.values()}:
            self.rank_in_class |= self._places(code for code in ranked if self.participants[code]["class"] == name)

    def _places(self, codes: Iterable[str]) -> dict[str, int]:
        def key(code: str) -> tuple[Fraction, ...]:
            row = self.figures[code]
            return tuple(
                Fraction(-1) if row[name] is None else row[name] for name in ("total", "answered_total", "agent")
            )

        listed = sorted(codes, key=key, reverse=True)
        return {
            code: next(place for place, other in enumerate(listed, 1) if key(other) == key(code)) for code in listed
        }

    def awards(self) -> set[tuple[str, str | None, str]]:
        won = {("overall", None, code) for code, place in self.rank_overall.items() if place == 1}
        won |= {("class", self.participants[c]["class"], c) for c, place in self.rank_in_class.items() if place == 1}
        least = int(self.edition.get("min_channel_contacts") or DEFAULT_MIN_CHANNEL)
        for channel in CHANNELS:
            scores = {}
            for code in self.rank_overall:
                if sum(row["channel"] == channel for row in self.by_participant[code]) >= least:
                    scores[code] = self.figures[code][channel]
            best = max((score for score in scores.values() if score is not None), default=None)
            won |= {(channel, None, code) for code, score in scores.items() if score is not None and score == best}
        return won

    def group(self, codes: list[str]) -> Values:
        """Figures of a class or of the whole edition: the mean of participants' totals; CX from the pooled answers."""
        totals = (self.figures[code]["total"] for code in codes)
        answered = [row for code in codes for row in self.by_participant[code] if row["outcome"] == "answered"]
        return {"total": mean(total for total in totals if total is not None), **self._experience(answered)}


def same(published: float | str | None, counted: Fraction | None) -> bool:
    """Whether a published 6-decimal number is the counted one rounded half to even."""
    if published is None or counted is None:
        return published is None and counted is None
    return Fraction(str(published)) * 10**6 == round(counted * 10**6)


def compare_results(recount: Recount, results: dict) -> Iterator[str]:
    published = {row["participant"]: row for row in results["participants"]}
    for code in sorted(published.keys() ^ recount.figures.keys()):
        yield f"{code}: is only in the {'results' if code in published else 'package'}"
    for code in sorted(published.keys() & recount.figures.keys()):
        row, figures = published[code], recount.figures[code]
        for name in ("contacts", "answered", *FIGURES):
            if not same(row[name], figures[name]):
                yield f"{code}: {name} is published as {row[name]}, but the answers give {show(figures[name])}"
        for name, places in (("rank_overall", recount.rank_overall), ("rank_in_class", recount.rank_in_class)):
            if row[name] != places.get(code):
                yield f"{code}: {name} is published as {row[name]}, but the answers give {places.get(code)}"
    yield from compare_groups(recount, results)
    listed = {(award["award"], award["class"], award["participant"]) for award in results["awards"]}
    for award in sorted(listed ^ recount.awards(), key=str):
        yield f"award {award}: {'published, but not won' if award in listed else 'won, but not published'}"


def compare_groups(recount: Recount, results: dict) -> Iterator[str]:
    groups = [("summary", results["summary"], list(recount.participants))]
    for row in results["classes"]:
        members = [code for code, given in recount.participants.items() if given["class"] == row["class"]]
        groups.append((f"class {row['class']}", row, members))
    for label, row, members in groups:
        for name, value in recount.group(members).items():
            if not same(row[name], value):
                yield f"{label}: {name} is published as {row[name]}, but the answers give {show(value)}"


def compare_sums(package: Package, listing: str) -> Iterator[str]:
    published = {}
    for line in listing.splitlines():
        if line.strip():
            digest, name = line.split(maxsplit=1)
            published[name.lstrip("*")] = digest
    found = package.sums()
    for name in sorted(published.keys() | found.keys()):
        if published.get(name) != found.get(name):
            on_both = name in found and name in published
            yield f"{name}: {'is not what was published' if on_both else 'is on one side only'}"


def show(value: Fraction | None) -> str:
    return "nothing" if value is None else f"{float(value):.6f} (exactly {value})"


def main() -> int:
    parser = argparse.ArgumentParser(description="Recount an exported edition and compare it with what was published.")
    parser.add_argument("package", type=pathlib.Path, help="folder of CSV files, or a .zip of it")
    parser.add_argument("--hash", help="the hash published before the announcement")
    parser.add_argument("--sums", type=pathlib.Path, help="the published list of file hashes")
    parser.add_argument("--results", type=pathlib.Path, help="the published results.json")
    given = parser.parse_args()
    try:
        package = Package(given.package)
        if not package.files:
            raise OSError("no CSV files in it")
    except (OSError, zipfile.BadZipFile) as error:
        print(f"{given.package}: cannot be read: {error}", file=sys.stderr)
        return 2
    print(f"hash of the package: {package.root()}")
    differences = list(find_differences(package, given))
    for difference in differences:
        print(f"DIFFERENT  {difference}")
    print(f"{len(differences)} differences" if differences else "everything agrees")
    return 1 if differences else 0


def find_differences(package: Package, given: argparse.Namespace) -> Iterator[str]:
    if given.sums:
        yield from compare_sums(package, given.sums.read_text(encoding="utf-8"))
    if given.hash and given.hash.lower() != package.root():
        yield f"the package's hash is not the published {given.hash}"
    try:
        recount = Recount(package)
    except (KeyError, ValueError, UnicodeDecodeError, csv.Error, ZeroDivisionError) as error:
        yield f"the package cannot be counted: {error!r}"
        return
    if given.results:
        yield from compare_results(recount, json.loads(given.results.read_text(encoding="utf-8"), parse_float=str))


if __name__ == "__main__":
    sys.exit(main())
