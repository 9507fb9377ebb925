"""What a picture of a report calls its marks is what they are."""

from __future__ import annotations

from fractions import Fraction

from awards.report.document.figures import comparison_figure, loss_figures
from awards.report.queries.report_data import ComparedFigure, Loss
from kundeservice.core.charts.scale import Scale

ROW = ComparedFigure(
    key="welcome",
    label="Velkomst",
    own=Fraction(80),
    class_mean=Fraction(75),
    class_best=Fraction(90),
    all_mean=Fraction(70),
    everyone=(),
    classmates=(),
)


def test_the_sentence_of_a_picture_names_the_mean_that_is_drawn() -> None:
    for alone, mean, said in (
        (False, 75, "klassesnitt 75,0, best i klassen 90,0. Dere ligger 5,0 over klassesnittet."),
        (True, 70, "snitt for alle 70,0. Dere ligger 10,0 over snittet for alle."),
    ):
        chart = comparison_figure("Områdene", [ROW], alone=alone)
        assert chart
        assert chart.rows[0].mean == mean
        assert chart.text == f"Velkomst: 80,0, {said}"


def test_two_pictures_of_losses_on_one_page_have_one_scale() -> None:
    areas = [Loss(key="agent", label="Kundebehandleren", area="agent", own=Fraction(9), class_mean=Fraction(4))]
    asked = [Loss(key="q1", label="Lyttet?", area="agent", own=Fraction(1), class_mean=Fraction(1, 2))]

    by_area, by_question = loss_figures(areas, asked)

    assert by_area.high == by_question.high == 10


def test_a_scale_of_a_few_whole_steps_is_marked_from_end_to_end() -> None:
    assert Scale(1, 7, 0, 100).ticks(5) == (1, 3, 5, 7)
    assert Scale(1, 7, 0, 100).ticks(7) == (1, 2, 3, 4, 5, 6, 7)
    assert Scale(1, 5, 0, 100).ticks() == (1, 2, 3, 4, 5)
    assert Scale(0, 100, 0, 100).ticks() == (0, 20, 40, 60, 80, 100)
