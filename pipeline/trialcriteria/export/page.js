"use strict";
const byId = (id) => document.getElementById(id);
const spansOf = (element) => element.dataset.span.split(" ").map((pair) => pair.split("-").map(Number));
const segments = [...document.querySelectorAll("[data-start]")];

const segmentsIn = (spans) =>
  segments.filter((segment) =>
    spans.some(([start, end]) => segment.dataset.start >= start && segment.dataset.end <= end));

function reveal(elements) {
  document.querySelectorAll(".flash").forEach((old) => old.classList.remove("flash"));
  if (!elements.length) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  elements[0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  elements.forEach((element) => element.classList.add("flash"));
}

function cardFor(offset, criterion) {
  const covers = ([start, end]) => start <= offset && offset < end;
  const cards = [...criterion.querySelectorAll("[data-span]")].filter((card) => spansOf(card).some(covers));
  return cards.map((card) => card.closest(".fact, .unsupported") ?? card)[0] ?? criterion;
}

document.addEventListener("click", (event) => {
  const linked = event.target.closest("#tree [data-span]");
  const tag = event.target.closest("a.tag");
  const segment = event.target.closest("#text [data-start]");
  if (linked) reveal(segmentsIn(spansOf(linked)));
  else if (tag) reveal([byId(tag.hash.slice(1))].filter(Boolean));
  else if (segment && getSelection().isCollapsed) {
    const owner = segment.closest(".criterion");
    if (owner) reveal([cardFor(Number(segment.dataset.start), byId("c-" + owner.dataset.criterion))]);
    return;
  } else return;
  event.preventDefault();
});

document.addEventListener("mouseover", (event) => {
  const linked = event.target.closest("#tree [data-span]");
  document.querySelectorAll(".hover").forEach((old) => old.classList.remove("hover"));
  if (linked) segmentsIn(spansOf(linked)).forEach((segment) => segment.classList.add("hover"));
});
