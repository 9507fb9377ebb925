"""The outsider's script, written from the scoring rules alone, agrees with the engine."""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from awards.publication.files.results import results_json
from awards.publication.queries.results import AwardRow, ClassRow, ParticipantRow, Results
from scoring.engine import DataError, Edition, EditionResult, Figures, score_edition
from scoring.engine.types import FIGURES
from scoring.queries import CLASS_FIGURES
from tests.docs.outsider import TINY, TINY_RESULTS, as_files, run_script, verify
from tests.scoring.engine.editions import editions


def with_waits(edition: Edition) -> Edition:
    """A package has a wait for every answered contact; the engine's own random editions may lack one."""
    contacts = tuple(
        replace(c, wait=Fraction(30)) if c.outcome == "answered" and c.wait is None else c for c in edition.contacts
    )
    return replace(edition, contacts=contacts)


def results_file(edition: Edition, counted: EditionResult, *, computed_from: str) -> bytes:
    """What the product would publish of the count; a participant's name is its code in capitals."""
    members = [participant.award_class for participant in edition.participants]
    results = Results(
        edition="ksp-2022",
        contacts=counted.summary.contacts,
        answered=counted.summary.answered,
        figures=group_figures(counted.summary),
        participants=tuple(
            ParticipantRow(
                participant=row.participant,
                name=row.participant.upper(),
                award_class=row.award_class,
                contacts=row.contacts,
                answered=row.answered,
                figures={name: getattr(row, name) for name in FIGURES},
                rank_in_class=row.rank_in_class,
                rank_overall=row.rank_overall,
                ranked=row.ranked,
            )
            for row in counted.participants
        ),
        classes=tuple(
            ClassRow(
                award_class=row.award_class,
                participants=members.count(row.award_class),
                figures=group_figures(row),
            )
            for row in counted.classes
        ),
        awards=tuple(
            AwardRow(award=award.kind, award_class=award.award_class, participant=award.participant)
            for award in counted.awards
        ),
    )
    return results_json(results, computed_from=computed_from)


def group_figures(group: Figures) -> dict[str, Fraction | None]:
    return {name: getattr(group, name) for name in CLASS_FIGURES}


@settings(max_examples=300, deadline=None)
@given(editions().map(with_waits))
def test_the_script_and_the_engine_agree_on_random_editions(edition: Edition) -> None:
    try:
        counted = score_edition(edition)
    except DataError:
        assume(False)
    package = verify.Package(as_files(edition))

    recount = verify.Recount(package)

    for row in counted.participants:
        assert {name: recount.figures[row.participant][name] for name in FIGURES} == dict(row.figures())
    published = results_file(edition, counted, computed_from=package.root())
    assert list(verify.compare_results(recount.results(), published.decode())) == []


def test_the_tiny_edition_agrees_with_its_published_results() -> None:
    outcome = run_script(TINY, "--results", TINY_RESULTS)

    assert outcome.returncode == 0, outcome.stdout
    assert outcome.stdout.endswith("everything agrees\n")


def test_a_changed_figure_is_named(tmp_path: pathlib.Path) -> None:
    results = json.loads(TINY_RESULTS.read_text(encoding="utf-8"))
    results["participants"][0]["total"] += 0.000001
    changed = tmp_path / "results.json"
    changed.write_text(json.dumps(results), encoding="utf-8")

    outcome = run_script(TINY, "--results", changed)

    assert outcome.returncode == 1
    assert "DIFFERENT  lyskraft: total is published as 89.793652, but the package gives 89.793651" in outcome.stdout


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_flipped_bit_anywhere_is_named_by_its_file(data: st.DataObject) -> None:
    files = {path.name: path.read_bytes() for path in TINY.glob("*.csv")}
    name = data.draw(st.sampled_from(sorted(files)))
    position = data.draw(st.integers(0, len(files[name]) - 1))
    package = verify.Package(files)
    listing = "".join(f"{digest}  {file}\n" for file, digest in sorted(package.sums().items()))
    root = package.root()

    flipped = bytearray(files[name])
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    package = verify.Package({**files, name: bytes(flipped)})

    assert list(verify.compare_sums(package, listing)) == [f"{name}: is not what was published"]
    assert package.root() != root


def test_the_root_is_what_sha256sum_gives(tmp_path: pathlib.Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not on this machine")
    shown = subprocess.run(
        "sha256sum *.csv | sha256sum",
        shell=True,
        cwd=TINY,
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )

    assert run_script(TINY).stdout.splitlines()[0] == f"hash of the package: {shown.stdout.split()[0]}"
