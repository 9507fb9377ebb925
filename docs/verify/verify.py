#!/usr/bin/env python3
"""Recount a published edition without trusting the people who published it.

Needs Python 3.11 and nothing else: no database, no network, none of the award's own code. It reads an exported edition
package (a folder of CSV files, or a .zip of that folder), recounts every figure, place and award by the published
scoring rules in exact fractions, and compares

  - the package's hash with the one published before the announcement   (--hash)
  - each file's hash with the list that hash was made of                (--sums SHA256SUMS)
  - every row and field, and their order, with the published results    (--results results.json)

    python3 verify.py ksp-2022/ --hash 4f1c… --sums SHA256SUMS --results results.json

Differences are printed as they are found, the hash first. What cannot be read or counted is one of them. Everything is
in this one file, so that it can be passed on, read from top to bottom and run by itself.

Exit code 0: everything agrees. 1: something differs, and each difference is named. 2: the package could not be read.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import pathlib
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

ANSWERED_AREAS = ("welcome", "agent", "overall")
AREAS = ("wait", *ANSWERED_AREAS)
CHANNELS = ("telephone", "email", "chat", "messenger")
METRICS = ("ces", "csat", "nps", "ves1", "ves2")
FIGURES = ("total", "answered_total", *AREAS, *CHANNELS, *METRICS)
DEFAULT_MIN_COUNTED, DEFAULT_MIN_CHANNEL = 20, 5
ROW_NAMES = {"participants": ("participant",), "classes": ("class",), "awards": ("award", "class", "participant")}
"""The lists of the results file, and the fields that tell their rows apart."""

Row = dict[str, str]
Values = dict[str, Fraction | None]


class Package:
    """The files of a package as bytes, and as rows of text."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    @classmethod
    def at(cls, path: pathlib.Path) -> Package:
        files: dict[str, bytes] = {}
        for name, content in cls._read(path):
            if name in files:
                raise ValueError(f"{name} is in it twice")
            files[name] = content
        if not files:
            raise ValueError("no CSV files in it")
        return cls(files)

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
        try:
            header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{table}.csv: is no table: {error}") from error
        for position, line in enumerate(lines, 2):
            if len(line) != len(header):
                raise ValueError(f"{table}.csv: row {position} has {len(line)} cells, not {len(header)}")
        return [dict(zip(header, line, strict=True)) for line in lines]

    def sums(self) -> dict[str, str]:
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}

    def root(self) -> str:
        return root_of(self.sums())


def root_of(sums: dict[str, str]) -> str:
    """The same as `sha256sum *.csv | sha256sum` in the folder."""
    listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    return hashlib.sha256(listing.encode(errors="surrogateescape")).hexdigest()


def mean(values: Iterable[Fraction]) -> Fraction | None:
    numbers = list(values)
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def yes(cell: str) -> bool:
    return cell == "yes"


def number(cell: str) -> Fraction:
    """A plain number. What Python reads besides, such as 1e9, has no place in a package."""
    if not re.fullmatch(r"-?[0-9]+([./][0-9]+)?", cell):
        raise ValueError(f"{cell!r} is not a number")
    return Fraction(cell)


def by_code(rows: Iterable[Row], column: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row[column] in found:
            raise ValueError(f"{column} {row[column]} is given twice")
        found[row[column]] = row
    return found


class Recount:
    """Every figure of an edition, computed from the raw answers in the package."""

    def __init__(self, package: Package) -> None:
        self.computed_from = package.root()
        self.edition = {key: row["value"] for key, row in by_code(package.rows("edition"), "key").items()}
        self.participants = by_code(package.rows("participants"), "participant")
        self.questions = by_code(package.rows("questions"), "question")
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
                self.values[row["contact"]][row["question"]] = number(row["value"])
        self.contacts = [row for row in by_code(package.rows("contacts"), "contact").values() if self._counts(row)]
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
            limit = number(row["up_to"]) if row["up_to"] else None
            bands[row["channel"]].append((limit, number(row["percent"])))
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
        weights = {area: number(self.edition[f"weight_{area}"]) for area in areas}
        weight = sum(weights.values(), Fraction(0))
        if not weight:
            raise ValueError(f"contacts.csv: {contact['contact']} has no area with a weight")
        return {**areas, "score": sum((weights[area] * areas[area] for area in areas), Fraction(0)) / weight}

    def _wait(self, contact: Row) -> Fraction:
        wait = number(contact["wait"])
        for limit, percent in self.bands[contact["channel"]]:
            if limit is None or wait <= limit:
                return percent
        raise ValueError(f"contacts.csv: {contact['contact']} waited beyond every band")

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
            points = {option: number(row["points"]) for option, row in options.items() if row["points"]}
            if not points:
                continue
            obtained += sum((points.get(option, Fraction(0)) for option in chosen), Fraction(0))
            possible += max(points.values()) if question["kind"] == "single" else sum(points.values(), Fraction(0))
        return 100 * obtained / possible if possible else None

    def _participant(self, rows: list[Row]) -> Values:
        answered = [row for row in rows if row["outcome"] == "answered"]
        figures: Values = {
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
        least = int(self.edition.get("min_counted") or DEFAULT_MIN_COUNTED)
        ranked = [code for code, rows in self.by_participant.items() if len(rows) >= max(least, 1)]
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

    def awards(self) -> list[tuple[str, str | None, str]]:
        winners = sorted(
            (self.participants[code]["class"], code) for code, place in self.rank_in_class.items() if place == 1
        )
        won: list[tuple[str, str | None, str]] = [("class", name, code) for name, code in winners]
        won += [("overall", None, code) for code, place in sorted(self.rank_overall.items()) if place == 1]
        least = int(self.edition.get("min_channel_contacts") or DEFAULT_MIN_CHANNEL)
        for channel in CHANNELS:
            scores = {}
            for code in sorted(self.rank_overall):
                if sum(row["channel"] == channel for row in self.by_participant[code]) >= least:
                    scores[code] = self.figures[code][channel]
            best = max((score for score in scores.values() if score is not None), default=None)
            won += [(channel, None, code) for code, score in scores.items() if score is not None and score == best]
        return won

    def group(self, codes: list[str]) -> Values:
        """Figures of a class or of the whole edition: the mean of participants' totals; CX from the pooled answers."""
        totals = (self.figures[code]["total"] for code in codes)
        answered = [row for code in codes for row in self.by_participant[code] if row["outcome"] == "answered"]
        return {"total": mean(total for total in totals if total is not None), **self._experience(answered)}

    def results(self) -> dict[str, Any]:
        """What the results file must say. Participants by place, then by code; those without a place are last."""
        last = len(self.participants) + 1
        listed = sorted(self.participants, key=lambda code: (self.rank_overall.get(code, last), code))
        members = defaultdict(list)
        for code, row in self.participants.items():
            members[row["class"]].append(code)
        return {
            "edition": self.edition["code"],
            "computed_from": self.computed_from,
            "summary": {**self.group(listed), **self._counted(self.contacts)},
            "participants": [self._row(code) for code in listed],
            "classes": [
                {"class": name, "participants": len(members[name]), **self.group(members[name])}
                for name in sorted(members)
            ],
            "awards": [dict(zip(ROW_NAMES["awards"], award, strict=True)) for award in self.awards()],
        }

    def _row(self, code: str) -> dict[str, Any]:
        return {
            "participant": code,
            "name": self.participants[code]["name"],
            "class": self.participants[code]["class"],
            **self._counted(self.by_participant[code]),
            **self.figures[code],
            "ranked": code in self.rank_overall,
            "rank_in_class": self.rank_in_class.get(code),
            "rank_overall": self.rank_overall.get(code),
        }

    @staticmethod
    def _counted(contacts: list[Row]) -> dict[str, int]:
        return {"contacts": len(contacts), "answered": sum(row["outcome"] == "answered" for row in contacts)}


def compare_results(counted: dict[str, Any], text: str) -> Iterator[str]:
    published = json.loads(
        text, parse_float=Decimal, parse_int=Decimal, parse_constant=refuse_constant, object_pairs_hook=unique_fields
    )
    if isinstance(published, dict) and "computed_from" not in published:
        # It may be left out: that the package is the right one is for --hash to tell.
        counted = {name: value for name, value in counted.items() if name != "computed_from"}
    yield from compare("results", published, counted)


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def unique_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Given twice, a field would be one thing to one reader and another to the next."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} is given twice")
        found[name] = value
    return found


def compare(where: str, published: Any, counted: dict[str, Any]) -> Iterator[str]:
    """Every field of one object of the results file; what is inside objects and lists is compared the same way."""
    if not isinstance(published, dict):
        yield f"{where}: should be an object, not {show(published)}"
        return
    for name in sorted(published.keys() - counted.keys()):
        yield f"{where}: {name!r} is published, but nothing of the kind is part of the results"
    for name, value in counted.items():
        if name not in published:
            yield f"{where}: {name!r} is missing"
        elif isinstance(value, list):
            yield from compare_rows(name, published[name], value)
        elif isinstance(value, dict):
            yield from compare(name, published[name], value)
        elif not same(published[name], value):
            yield f"{where}: {name} is published as {show(published[name])}, but the package gives {show(value)}"


def compare_rows(table: str, published: Any, counted: list[dict[str, Any]]) -> Iterator[str]:
    """Every row, doubles too, with the one of its name; then what is missing, and the first row out of its order."""
    if not isinstance(published, list):
        yield f"{table}: should be a list of rows, not {show(published)}"
        return
    expected = {row_name(table, row): row for row in counted}
    found: list[str] = []
    for position, row in enumerate(published, 1):
        name = row_name(table, row)
        if name not in expected:
            yield f"{table}: row {position} is {show(name)}, which the package does not give"
            continue
        if name in found:
            yield f"{table}: row {position} repeats {name!r}"
        else:
            found.append(name)
        yield from compare(name if table == "participants" else f"{table} {name}", row, expected[name])
    for name in expected:
        if name not in found:
            yield f"{table}: {name!r} is missing"
    for stands, belongs in zip(found, [name for name in expected if name in found], strict=True):
        if stands != belongs:
            yield f"{table}: {stands!r} stands where {belongs!r} should, and the order differs from there on"
            return


def row_name(table: str, row: Any) -> str:
    """What tells the row from the others of its list; of something that is no such row, all that it says."""
    try:
        return " ".join(row[key] for key in ROW_NAMES[table] if row[key] is not None)
    except (TypeError, KeyError):
        return str(row)


def same(published: Any, counted: Any) -> bool:
    """Whether a published value is the counted one; a figure is rounded to 6 decimals, half to even."""
    if isinstance(counted, Fraction):
        counted = Fraction(round(counted * 10**6), 10**6)
    is_number = isinstance(counted, int | Fraction) and not isinstance(counted, bool)
    return isinstance(published, Decimal) == is_number and published == counted


def show(value: Any) -> str:
    if isinstance(value, Fraction):
        return f"{float(value):.6f} (exactly {value})"
    return "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)


def compare_hashes(package: Package, given: argparse.Namespace) -> Iterator[str]:
    if given.hash is not None and given.hash != package.root():
        hint = "" if given.sums else "; --sums tells which file differs"
        yield f"the package's hash is not the published {given.hash}{hint}"
    if given.sums:
        try:
            yield from compare_sums(package, given.sums.read_text(encoding="utf-8"), given.hash)
        except (OSError, UnicodeDecodeError) as error:
            yield f"{given.sums.name}: cannot be read: {error}"


def compare_sums(package: Package, listing: str, published_hash: str | None = None) -> Iterator[str]:
    published: dict[str, str] = {}
    for line in listing.splitlines():
        digest, _, name = line.partition(" ")
        name = name.strip().removeprefix("*")
        if not name or name in published:
            yield f"the list of sums: {line!r} is not the sum of one more file"
        else:
            published[name] = digest
    found = package.sums()
    for name in sorted(published.keys() | found.keys()):
        if published.get(name) != found.get(name):
            on_both = name in found and name in published
            yield f"{name}: {'is not what was published' if on_both else 'is on one side only'}"
    if published_hash not in (None, root_of(published)):
        yield "the list of sums is not the one the published hash was made of"


def compare_recount(package: Package, given: argparse.Namespace) -> Iterator[str]:
    """Whatever stops the recount or the comparison must not hide what was found before: it is one more difference."""
    try:
        counted = Recount(package).results()
    except Exception as error:  # noqa: BLE001 - damaged rows fail in a dozen ways
        yield f"the package cannot be counted: {tell(error)}"
        return
    if given.results:
        try:
            yield from compare_results(counted, given.results.read_text(encoding="utf-8"))
        except Exception as error:  # noqa: BLE001 - so do damaged results
            yield f"{given.results.name}: {tell(error)}"


def tell(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Recount an exported edition and compare it with what was published.")
    parser.add_argument("package", type=pathlib.Path, help="folder of CSV files, or a .zip of it")
    parser.add_argument(
        "--hash", type=lambda text: text.strip().lower(), help="the hash published before the announcement"
    )
    parser.add_argument("--sums", type=pathlib.Path, help="the list of file hashes which that hash was made of")
    parser.add_argument("--results", type=pathlib.Path, help="the published results.json")
    given = parser.parse_args(arguments)
    try:
        package = Package.at(given.package)
    except Exception as error:  # noqa: BLE001 - a damaged archive fails in a dozen ways
        print(f"{given.package}: cannot be read: {error}", file=sys.stderr)
        return 2
    print(f"hash of the package: {package.root()}")
    differences = 0
    for check in (compare_hashes, compare_recount):
        for difference in check(package, given):
            print(f"DIFFERENT  {difference}", flush=True)
            differences += 1
    if differences:
        print(f"{differences} differences")
        return 1
    compared = given.hash is not None or given.sums or given.results
    print("everything agrees" if compared else "nothing was given to compare with")
    return 0


if __name__ == "__main__":
    # An exact figure can have more than the 4,300 digits Python writes unasked, and published text any character.
    sys.set_int_max_str_digits(0)
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
