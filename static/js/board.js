// Drag a contact to another week of its own row. Without a mouse, open the contact and choose the day there.
(function () {
  "use strict";
  const board = document.querySelector(".board");
  const form = document.getElementById("board-move");
  if (!board || !form) return;
  let dragged = null;

  const cellFor = (event) => {
    const cell = event.target.closest("td[data-week]");
    return cell && dragged && cell.parentElement === dragged.closest("tr") ? cell : null;
  };

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-move]");
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  board.addEventListener("dragend", () => { dragged = null; });
  board.addEventListener("dragover", (event) => {
    if (cellFor(event)) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const cell = cellFor(event);
    if (!cell || cell.contains(dragged)) return;
    event.preventDefault();
    form.action = dragged.dataset.move;
    form.elements.week.value = cell.dataset.week;
    form.requestSubmit();
  });
})();
