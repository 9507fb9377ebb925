"""The demo edition at full scale: its figures lie near those of the published years (domain, figures)."""

from __future__ import annotations

import json

from tests.conftest import InstallationFactory


def test_the_figures_lie_near_the_real_ones(new_installation: InstallationFactory) -> None:
    """190 participants and 4,750 contacts, built by the command in a process of its own, and therefore on SQLite."""
    installation = new_installation()
    installation.manage("demo", "--stage", "published", "--seed", "1", "--today", "2027-05-03")
    results = json.loads(installation.manage("export_results", "demo-2027", "--format", "json"))
    summary = results["summary"]
    best = results["participants"][0]["total"]
    classes = {row["class"]: row["total"] for row in results["classes"]}
    assert (len(results["participants"]), summary["contacts"], len(classes)) == (190, 4750, 24)
    assert 73 <= summary["total"] <= 75
    assert 0.145 <= 1 - summary["answered"] / summary["contacts"] <= 0.175
    assert -25 <= summary["nps"] <= -15
    assert 93 <= best <= 96
    assert min(classes, key=classes.__getitem__) == "offentlig"
    assert 48 <= classes["offentlig"] <= 54
    assert len(results["awards"]) > 24
