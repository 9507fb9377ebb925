"""The outsider's script names whatever was changed: a byte of the package, a line of the results, a sum."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pathlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import pytest

from scoring.engine import Band, Contact, Edition, Option, Participant, Question, Rules
from tests.docs.outsider import TINY, TINY_RESULTS, as_files, run_script, verify


class Outcome(NamedTuple):
    code: int
    lines: list[str]

    @property
    def differences(self) -> list[str]:
        return [line.removeprefix("DIFFERENT  ") for line in self.lines if line.startswith("DIFFERENT  ")]


def run_here(*arguments: object) -> Outcome:
    """The script without the cost of a process, so that hundreds of runs take seconds; an exception is a traceback."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        code = verify.main([str(argument) for argument in arguments])
    return Outcome(code, shown.getvalue().splitlines())


def sums_of(folder: pathlib.Path) -> tuple[str, str]:
    """The listing of a folder's files and the hash of it, as they are published."""
    listing = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(folder.glob("*.csv"))
    )
    return listing, hashlib.sha256(listing.encode()).hexdigest()


class Published(NamedTuple):
    """A copy of the tiny edition to be changed, and what was published of it before."""

    folder: pathlib.Path
    hash: str
    sums: pathlib.Path
    results: pathlib.Path

    def check(self) -> Outcome:
        return run_here(self.folder, "--hash", self.hash, "--sums", self.sums, "--results", self.results)


@pytest.fixture
def published(tmp_path: pathlib.Path) -> Published:
    folder = tmp_path / "tiny-edition"
    shutil.copytree(TINY, folder)
    listing, root = sums_of(folder)
    sums, results = tmp_path / "SHA256SUMS", tmp_path / "results.json"
    sums.write_text(listing, encoding="utf-8")
    document = {**json.loads(TINY_RESULTS.read_text(encoding="utf-8")), "computed_from": root}
    results.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return Published(folder, root, sums, results)


def test_what_was_published_agrees(published: Published) -> None:
    outcome = published.check()

    assert (outcome.code, outcome.lines[-1]) == (0, "everything agrees")


def test_without_anything_to_compare_with_nothing_is_said_to_agree() -> None:
    assert run_here(TINY).lines[-1] == "nothing was given to compare with"


def test_an_empty_hash_is_compared_too() -> None:
    assert run_here(TINY, "--hash", "").code == 1


def swap_names(results: Any) -> None:
    first, second = results["participants"][:2]
    first["name"], second["name"] = second["name"], first["name"]


def put_false_winner_first(results: Any) -> None:
    winner = {**results["participants"][1], "total": 99.0, "rank_overall": 1}
    results["participants"].insert(0, winner)


def set_in(*path: str | int, value: object) -> Callable[[Any], None]:
    def change(results: Any) -> None:
        *above, last = path
        for step in above:
            results = results[step]
        results[last] = value

    return change


def remove(*path: str | int) -> Callable[[Any], None]:
    def change(results: Any) -> None:
        *above, last = path
        for step in above:
            results = results[step]
        del results[last]

    return change


@pytest.mark.parametrize(
    ("falsify", "named"),
    [
        (swap_names, "lyskraft: name is published as 'Vannkraft', but the package gives 'Lyskraft'"),
        (set_in("participants", 3, "class", value="energi"), "skogbanken: class is published as 'energi'"),
        (set_in("participants", 0, "ranked", value=False), "lyskraft: ranked is published as False"),
        (set_in("participants", 0, "ranked", value=1), "lyskraft: ranked is published as 1, but"),
        (set_in("participants", 4, "ranked", value=True), "fjordbanken: ranked is published as True"),
        (set_in("participants", 0, "contacts", value=True), "lyskraft: contacts is published as True"),
        (set_in("participants", 0, "chat", value=0), "lyskraft: chat is published as 0, but the package gives nothing"),
        (set_in("participants", 0, "total", value="89.793651"), "lyskraft: total is published as '89.793651'"),
        (set_in("participants", 0, "total", value=[1]), "lyskraft: total is published as"),
        (set_in("participants", 0, "rank_in_class", value=2), "lyskraft: rank_in_class is published as 2"),
        (set_in("participants", 0, "sponsor", value="x"), "lyskraft: 'sponsor' is published, but nothing of the kind"),
        (set_in("participants", 0, value="x"), "participants: row 1 is 'x', which the package does not give"),
        (set_in("participants", 0, "participant", value=["lyskraft"]), "participants: row 1"),
        (set_in("participants", value={}), "participants: should be a list of rows"),
        (remove("participants", 0, "agent"), "lyskraft: 'agent' is missing"),
        (remove("participants", 0, "participant"), "participants: row 1 is"),
        (remove("participants", 2), "participants: 'fjellbanken' is missing"),
        (lambda results: results["participants"].reverse(), "participants: 'fjordbanken' stands where 'lyskraft'"),
        (put_false_winner_first, "vannkraft: total is published as 99.0"),
        (put_false_winner_first, "participants: row 3 repeats 'vannkraft'"),
        (set_in("classes", 0, "participants", value=4), "classes bank: participants is published as 4"),
        (set_in("classes", 0, "nps", value=-12.6), "classes bank: nps is published as -12.6"),
        (remove("classes", 0), "classes: 'bank' is missing"),
        (lambda results: results["classes"].reverse(), "classes: 'energi' stands where 'bank'"),
        (lambda results: results["classes"].append({"class": "tele"}), "classes: row 3 is 'tele', which the package"),
        (set_in("summary", "contacts", value=17), "summary: contacts is published as 17"),
        (set_in("summary", value=None), "summary: should be an object"),
        (remove("summary", "answered"), "summary: 'answered' is missing"),
        (set_in("awards", 0, "participant", value="skogbanken"), "awards: 'class bank fjellbanken' is missing"),
        (set_in("awards", 0, "participant", value="skogbanken"), "awards: row 1 is 'class bank skogbanken', which"),
        (lambda results: results["awards"].append(results["awards"][0]), "awards: row 7 repeats"),
        (lambda results: results["awards"].reverse(), "awards: 'telephone fjellbanken' stands where"),
        (remove("awards"), "results: 'awards' is missing"),
        (set_in("edition", value="tiny-2023"), "results: edition is published as 'tiny-2023'"),
        (set_in("computed_from", value="ab" * 32), "results: computed_from is published as 'abab"),
        (set_in("note", value=""), "results: 'note' is published, but nothing of the kind"),
    ],
)
def test_falsified_results_are_named(published: Published, falsify: Callable[[Any], None], named: str) -> None:
    results = json.loads(published.results.read_text(encoding="utf-8"))
    falsify(results)
    published.results.write_text(json.dumps(results), encoding="utf-8")

    outcome = published.check()

    assert outcome.code == 1
    assert any(line.startswith(named) for line in outcome.differences), outcome.differences


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"edition": "tiny-2022", "edition": "tiny-2022"}',
        b'{"summary": {"total": NaN}}',
        b'{"summary": {"total": 1e999999999}}',
        b'{"summary": {"total": 1e99999999999999999999}}',
        b'{"edition": "\\ud800"}',
    ],
)
def test_a_malformed_results_file_is_a_difference(published: Published, content: bytes) -> None:
    published.results.write_bytes(content)

    outcome = run_script(published.folder, "--results", published.results)

    assert (outcome.returncode, outcome.stderr) == (1, "")
    assert "DIFFERENT  results" in outcome.stdout


def test_a_field_that_is_given_twice_is_named(published: Published) -> None:
    text = published.results.read_text(encoding="utf-8")
    published.results.write_text(text.replace('"total":', '"total": 99.0, "total":', 1), encoding="utf-8")

    assert published.check().differences == ["results.json: 'total' is given twice"]


def changes(content: bytes, random: Random, times: int) -> Iterator[bytes]:
    """The content with one byte made another one, and with one byte left out, in turn."""
    for turn in range(times):
        position = random.randrange(len(content))
        instead = b"" if turn % 2 else bytes([content[position] ^ random.randrange(1, 256)])
        yield content[:position] + instead + content[position + 1 :]


@pytest.mark.parametrize("name", sorted(path.name for path in TINY.glob("*.csv")))
def test_every_changed_or_missing_byte_is_named_by_its_file(published: Published, name: str) -> None:
    file = published.folder / name
    content = file.read_bytes()

    for changed in changes(content, Random(name), 80):
        file.write_bytes(changed)
        outcome = published.check()
        by_hash = run_here(published.folder, "--hash", published.hash)

        assert outcome.code == by_hash.code == 1, changed
        assert outcome.differences[0].startswith(f"the package's hash is not the published {published.hash}"), changed
        assert outcome.differences[1] == f"{name}: is not what was published", changed
        assert by_hash.differences[0].startswith(f"the package's hash is not the published {published.hash}"), changed
        assert outcome.lines[-1] == f"{len(outcome.differences)} differences"


@pytest.mark.parametrize("name", sorted(path.name for path in TINY.glob("*.csv")))
def test_a_file_that_is_gone_or_empty_is_named(published: Published, name: str) -> None:
    file = published.folder / name

    file.write_bytes(b"")
    assert f"{name}: is not what was published" in published.check().differences

    file.unlink()
    assert f"{name}: is on one side only" in published.check().differences


def test_every_change_of_what_the_results_say_is_a_difference(published: Published) -> None:
    content = published.results.read_bytes()
    said = json.loads(content)

    for changed in changes(content, Random(2022), 250):
        published.results.write_bytes(changed)
        try:
            says_the_same = json.loads(changed) == said
        except ValueError:
            says_the_same = False

        assert published.check().code == (0 if says_the_same else 1), changed


def test_a_changed_list_of_sums_is_a_difference(published: Published) -> None:
    listing = published.sums.read_bytes()

    for changed in changes(listing, Random(2022), 120):
        published.sums.write_bytes(changed)
        assert published.check().code == (0 if changed.split() == listing.split() else 1), changed


def test_a_list_of_sums_made_after_the_hash_is_told_to_be_another(published: Published) -> None:
    with (published.folder / "comments.csv").open("ab") as comments:
        comments.write(b"c02,agent,Nytt\n")
    published.sums.write_text(sums_of(published.folder)[0], encoding="utf-8")

    assert published.check().differences[1] == "the list of sums is not the one the published hash was made of"


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("contacts.csv", "c05,fjordbanken,s1,telephone,2022-W02,answered,10,approved", "contact c05 is given twice"),
        ("participants.csv", "lyskraft,Lys,energi,,,,,,,", "participant lyskraft is given twice"),
        ("answers.csv", "c01,ces", "answers.csv: row 171 has 2 cells, not 4"),
        ("answers.csv", "c01,ces,,1e9", "'1e9' is not a number"),
        ("wait_bands.csv", "telephone,seconds,,one", "'one' is not a number"),
    ],
)
def test_what_stops_the_recount_is_told_after_the_files(published: Published, file: str, line: str, told: str) -> None:
    with (published.folder / file).open("a", encoding="utf-8") as rows:
        rows.write(f"{line}\n")

    outcome = published.check()

    assert outcome.code == 1
    assert outcome.differences[1] == f"{file}: is not what was published"
    assert told in outcome.differences[-1]


@pytest.mark.parametrize("content", [b"", b"contact,question\n\xff,name\n", b'contact,question\n"c01,name\n'])
def test_a_file_that_is_no_table_is_named_by_the_recount_too(published: Published, content: bytes) -> None:
    (published.folder / "answers.csv").write_bytes(content)

    outcome = run_here(published.folder, "--hash", published.hash)

    assert outcome.differences[-1].startswith("the package cannot be counted: answers.csv: ")


def test_a_wait_beyond_every_band_does_not_hide_the_file(published: Published) -> None:
    contacts = published.folder / "contacts.csv"
    contacts.write_bytes(contacts.read_bytes().replace(b"answered,45,", b"answered,4500,"))

    assert published.check().differences[1:] == [
        "contacts.csv: is not what was published",
        "the package cannot be counted: contacts.csv: c01 waited beyond every band",
    ]


def test_a_column_that_only_the_results_need_is_missed_in_the_package(published: Published) -> None:
    participants = published.folder / "participants.csv"
    participants.write_bytes(participants.read_bytes().replace(b"participant,name,", b"participant,nome,"))

    assert published.check().differences[-1] == "the package cannot be counted: KeyError: 'name'"


def test_a_file_whose_name_is_no_text_is_one_more_file(published: Published) -> None:
    os.link(published.folder / "answers.csv", os.fsencode(published.folder) + b"/\xff.csv")

    outcome = run_script(published.folder, "--sums", published.sums)

    assert (outcome.returncode, outcome.stderr) == (1, "")
    assert "\\udcff.csv: is on one side only" in outcome.stdout


def test_lists_that_are_not_there_are_told(published: Published) -> None:
    published.sums.unlink()
    published.results.unlink()

    outcome = published.check()

    assert outcome.code == 1
    assert [line.split(":")[0] for line in outcome.differences] == ["SHA256SUMS", "results.json"]


def test_a_damaged_archive_is_refused_or_seen(published: Published, tmp_path: pathlib.Path) -> None:
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(published.folder.glob("*.csv")):
            packed.write(file, f"tiny-edition/{file.name}")
    content = archive.read_bytes()
    assert run_here(archive, "--hash", published.hash).code == 0

    for changed in changes(content, Random(2022), 300):
        archive.write_bytes(changed)
        with contextlib.redirect_stderr(io.StringIO()) as refusal:
            outcome = run_here(archive, "--hash", published.hash)
        same_files = outcome.lines[:1] == [f"hash of the package: {published.hash}"]
        assert outcome.code == 0 if same_files else outcome.code in (1, 2)
        assert (outcome.code == 2) == ("package.zip: cannot be read" in refusal.getvalue())


def test_an_archive_with_a_file_twice_is_refused(tmp_path: pathlib.Path) -> None:
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(TINY / "answers.csv", "a/answers.csv")
        packed.write(TINY / "answers.csv", "b/answers.csv")

    outcome = run_script(archive)

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "answers.csv is in it twice" in outcome.stderr


def test_figures_of_thousands_of_digits_are_told(tmp_path: pathlib.Path) -> None:
    """Points with three decimals, and every contact answers other questions: no two scores share a denominator."""
    questions = {
        f"q{number}": Question(
            f"q{number}",
            "agent",
            "single",
            frozenset(),
            "",
            {
                "most": Option("most", Fraction(10**8 + 7919 * 3**number, 1000)),
                "some": Option("some", Fraction(1234567 + number, 1000)),
            },
        )
        for number in range(10)
    }
    contacts = tuple(
        Contact(
            code=f"c{turn:03}",
            participant="fjord",
            channel="telephone",
            outcome="answered",
            review="approved",
            wait=Fraction(1),
            options={f"q{n}": frozenset({"some"}) for n in range(10) if turn >> n & 1},
            values={},
        )
        for turn in range(1, 700)
    )
    rules = Rules(
        weights={area: Fraction(25) for area in ("wait", "welcome", "agent", "overall")},
        min_counted=1,
        min_channel_contacts=1,
        bands={"telephone": (Band(None, Fraction(100)),)},
        questions=questions,
    )
    files = as_files(Edition(rules, (Participant("fjord", "bank"),), contacts))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    results = tmp_path / "results.json"
    results.write_text('{"summary": {"total": 1}}', encoding="utf-8")

    outcome = run_script(tmp_path, "--results", results)

    assert (outcome.returncode, outcome.stderr) == (1, "")
    told = next(line for line in outcome.stdout.splitlines() if "summary: total is published as 1, but" in line)
    assert len(told) > 2 * 4300
