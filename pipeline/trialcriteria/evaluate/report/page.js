"use strict";
const PAGE = 100;
const byId = (id) => document.getElementById(id);
const { mistakes, texts } = JSON.parse(byId("data").textContent);
const form = byId("filters");
const fields = { measure: 0, kind: 2, gold: 3, predicted: 4 };
const haystacks = [];
let matching = mistakes;
let page = 0;

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

// The rows: the same markup as html_mistakes.py writes for readers without scripts.

function pieces(text, [[window], ...layers]) {
  const names = ["span", "gold", "predicted"];
  const edges = [...new Set([window, ...layers.flat()].flat())].sort((a, b) => a - b);
  const made = edges.slice(0, -1).map((start, i) => {
    const covers = ([from, to]) => from <= start && start < to;
    const covering = names.filter((_, n) => layers[n].some(covers));
    const words = text.slice(start, edges[i + 1]).replace(/[\r\n]+/g, " \u21b5 ");
    return covering.length ? make("mark", covering.join(" "), words) : words;
  });
  return [window[0] ? "\u2026 " : "", ...made, window[1] < text.length ? " \u2026" : ""];
}

const bare = (word) => word.replace(/^[();,:|"]+|[();,:|"]+$/g, "");

function side(name, label, own, other) {
  if (own === null) return make("td", `${name} nothing`, "nothing");
  const known = new Set(["", ...(other ?? own).split(" ").map(bare)]);
  const words = own.split(" ").flatMap((word) => [" ", known.has(bare(word)) ? word : make("b", "", word)]);
  const cell = make("td", name, make("span", "label", label), make("span", "line", ...words.slice(1)));
  cell.normalize();
  return cell;
}

function row([measure, posting, kind, goldLabel, predictedLabel, gold, predicted, weight, place]) {
  const head = make("th", "", make("span", "posting", posting), make("span", "measure", measure));
  head.scope = "row";
  head.append(make("span", `kind ${kind}`, kind));
  if (weight !== "1") head.append(make("span", "weight", `weight ${weight}`));
  const context = make("td", "context", ...(place.length ? pieces(texts[posting], place) : []));
  context.normalize();
  return make("tr", "", head, side("gold", goldLabel, gold, predicted),
    side("predicted", predictedLabel, predicted, gold), context);
}

// Filters

function haystack(index) {
  if (haystacks[index] === undefined) {
    const [measure, posting, kind, goldLabel, predictedLabel, gold, predicted, , place] = mistakes[index];
    const context = place.length ? texts[posting].slice(...place[0][0]) : "";
    const parts = [measure, posting, kind, goldLabel, predictedLabel, gold, predicted, context];
    haystacks[index] = parts.join("\n").toLowerCase();
  }
  return haystacks[index];
}

function filter() {
  const wanted = Object.entries(fields).map(([name, at]) => [at, form.elements[name].value]);
  const posting = form.elements.posting.value.trim().toLowerCase();
  const words = form.elements.words.value.trim().toLowerCase();
  matching = mistakes.filter((mistake, index) =>
    wanted.every(([at, value]) => !value || mistake[at] === value) &&
    mistake[1].toLowerCase().includes(posting) &&
    (!words || haystack(index).includes(words)));
  show(0);
}

function show(number) {
  page = number;
  const start = page * PAGE;
  const shown = matching.slice(start, start + PAGE);
  const pages = Math.ceil(matching.length / PAGE);
  const count = (n) => n.toLocaleString("en");
  byId("rows").replaceChildren(...shown.map(row));
  byId("shown").textContent = shown.length
    ? `Errors ${count(start + 1)} to ${count(start + shown.length)} of ${count(matching.length)}` +
      (matching.length < mistakes.length ? ` that match, ${count(mistakes.length)} in all` : "")
    : `None of ${count(mistakes.length)} errors matches`;
  byId("page").textContent = `Page ${count(page + 1)} of ${count(pages)}`;
  byId("pager").hidden = pages < 2;
  byId("back").disabled = page === 0;
  byId("forth").disabled = page + 1 >= pages;
}

function turn(by) {
  show(page + by);
  byId("shown").scrollIntoView({ block: "start" });
}

function fillChoices() {
  for (const [name, at] of Object.entries(fields)) {
    const counts = new Map();
    for (const mistake of mistakes) counts.set(mistake[at], (counts.get(mistake[at]) ?? 0) + 1);
    for (const [value, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
      form.elements[name].append(new Option(`${value} (${count.toLocaleString("en")})`, value));
  }
  const postings = [...new Set(mistakes.map((mistake) => mistake[1]))].sort();
  byId("postings").append(...postings.map((posting) => new Option("", posting)));
}

if (form) {
  let waiting;
  fillChoices();
  show(0);
  form.hidden = byId("found").hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  byId("back").addEventListener("click", () => turn(-1));
  byId("forth").addEventListener("click", () => turn(1));
  document.querySelectorAll("a[data-gold]").forEach((link) => link.addEventListener("click", () => {
    form.reset();
    form.elements.measure.value = "entities";
    form.elements.gold.value = link.dataset.gold;
    form.elements.predicted.value = link.dataset.predicted;
    filter();
  }));
}
