// The board: drag a contact to another week of its own row; arrow keys go from mark to mark. Without either, a mark is a
// link to a page on which the day is chosen.
(function () {
  "use strict";
  const board = document.querySelector(".board");
  const form = document.getElementById("board-move");
  if (!board || !form) return;
  let dragged = null;

  const weekUnder = (event) => {
    const cell = event.target.closest("td[data-week]");
    return cell && dragged && cell.parentElement === dragged.closest("tr") && !cell.contains(dragged) ? cell : null;
  };

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".board-mark[draggable]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    dragged.closest("tr").classList.add("is-open");
  });
  board.addEventListener("dragend", () => {
    if (dragged) dragged.closest("tr").classList.remove("is-open");
    dragged = null;
  });
  board.addEventListener("dragover", (event) => {
    if (weekUnder(event)) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const cell = weekUnder(event);
    if (!cell) return;
    event.preventDefault();
    form.action = new URL("flytt/", dragged.href).pathname;
    form.elements.week.value = cell.dataset.week;
    form.elements.seen.value = dragged.dataset.seen;
    form.requestSubmit();
  });

  // What a mark says to those who listen, it also says to those who point.
  board.addEventListener("mouseover", (event) => {
    const mark = event.target.closest(".board-mark");
    if (mark && !mark.title) mark.title = mark.getAttribute("aria-label");
  });

  const beside = (mark, step) => {
    const marks = Array.from(mark.closest("tr").querySelectorAll(".board-mark"));
    return marks[marks.indexOf(mark) + step];
  };
  const above = (mark, step) => {
    const rows = Array.from(board.tBodies[0].rows);
    const column = mark.closest("td").cellIndex;
    for (let row = rows.indexOf(mark.closest("tr")) + step; rows[row]; row += step) {
      const found = rows[row].cells[column].querySelector(".board-mark");
      if (found) return found;
    }
    return undefined;
  };
  const neighbour = {
    ArrowLeft: (mark) => beside(mark, -1),
    ArrowRight: (mark) => beside(mark, 1),
    ArrowUp: (mark) => above(mark, -1),
    ArrowDown: (mark) => above(mark, 1),
  };
  board.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".board-mark");
    const find = neighbour[event.key];
    if (!mark || !find || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = find(mark);
    if (next) next.focus();
  });

  // After a move the page comes back at the mark that was moved.
  const moved = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (moved && board.contains(moved)) moved.focus();
})();
