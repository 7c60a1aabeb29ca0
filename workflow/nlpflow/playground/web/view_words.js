// Embeddings: a map, neighbours and analogies; and the next words of a language model.

import { bars, el, fill, labelled, percent } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM = 1.3;

export function wordsView(model, ask, client) {
  const parts = [];
  if (["ngram", "lstm"].includes(model.settings.kind)) parts.push(nextWords(ask, client));
  const { section, choose } = neighbours(model, ask, client);
  parts.push(section, analogy(model, ask, client), map(model, choose));
  return parts;
}

function nextWords(ask, client) {
  const text = el("input", { type: "text", value: "i", spellcheck: "false" });
  const output = el("div", { "aria-live": "polite" });
  const run = client.latest(() => ask("next", text.value), (words) => {
    const add = (index) => {
      if (words[index].isEnd) return;
      text.value = `${text.value.trim()} ${words[index].word}`;
      run();
    };
    const rows = words.map(({ word, isEnd, probability }) => ({
      name: isEnd ? "(end of the sentence)" : word,
      share: probability,
      text: percent(probability),
    }));
    fill(output, bars(rows, add));
  });
  text.addEventListener("input", run);
  run();
  const title = el("h3", {}, "The next word");
  return el("section", {}, title, labelled("Beginning of a sentence", text), output);
}

const cosines = (found) =>
  found === null
    ? el("p", { class: "note" }, "A word is unknown to the model.")
    : bars(found.map(({ word, cosine }) => ({ name: word, share: Math.max(0, cosine), text: cosine.toFixed(2) })));

function neighbours(model, ask, client) {
  const word = el("input", { type: "text", value: model.examples[0] ?? "", spellcheck: "false" });
  const output = el("div", { "aria-live": "polite", id: "result" });
  const run = client.latest(() => ask("neighbours", word.value), (found) => fill(output, cosines(found)));
  word.addEventListener("input", run);
  run();
  const choose = (chosen) => {
    word.value = chosen;
    run();
  };
  const title = el("h3", {}, "Nearest words, by cosine");
  return { section: el("section", {}, title, labelled("Word", word), output), choose };
}

function analogy(model, ask, client) {
  const [one = "", two = "", three = ""] = model.examples;
  const fields = [one, two, three].map((value) => el("input", { type: "text", value, spellcheck: "false" }));
  const output = el("div", { "aria-live": "polite" });
  const question = () => ask("analogy", ...fields.map((field) => field.value));
  const run = client.latest(question, (found) => fill(output, cosines(found)));
  fields.forEach((field) => field.addEventListener("input", run));
  run();
  const names = ["is to", "as", "is to …"];
  const cells = fields.flatMap((field, i) => [el("label", {}, field, ` ${names[i]} `)]);
  return el("section", {}, el("h3", {}, "Analogy"), el("p", { class: "analogy" }, ...cells), output);
}

/** The most frequent words on their first two principal components; it can be moved and zoomed. */
function map(model, choose) {
  const xs = model.map.map(([x]) => x);
  const ys = model.map.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const [width, height] = [800, 500];
  const view = { x: -40, y: -20, width: width + 80, height: height + 40 };
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "Map of the most frequent words");
  const words = model.map.map(([x, y], index) => {
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("x", ((x - left) / (right - left || 1)) * width);
    text.setAttribute("y", ((y - top) / (bottom - top || 1)) * height);
    text.textContent = model.vocabulary.tokens[index];
    text.addEventListener("click", () => choose(text.textContent));
    return text;
  });
  svg.append(...words);
  const look = () => {
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    svg.style.fontSize = `${(13 * view.width) / (width + 80)}px`;
  };
  const zoom = (factor, atX = 0.5, atY = 0.5) => {
    view.x += view.width * (1 - factor) * atX;
    view.y += view.height * (1 - factor) * atY;
    view.width *= factor;
    view.height *= factor;
    look();
  };
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    const place = [(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height];
    zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, ...place);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    const scale = view.width / svg.getBoundingClientRect().width;
    view.x -= event.movementX * scale;
    view.y -= event.movementY * scale;
    look();
  });
  look();
  const button = (label, name, press) =>
    el("button", { type: "button", "aria-label": name, onclick: press }, label);
  return el(
    "section",
    {},
    el("h3", {}, `Map of the ${model.map.length} most frequent words`),
    el("p", { class: "note" }, "Drag to move, scroll or use the buttons to zoom, click a word for its neighbours."),
    el("p", {}, button("+", "Zoom in", () => zoom(1 / ZOOM)), " ", button("−", "Zoom out", () => zoom(ZOOM))),
    el("div", { class: "map" }, svg),
  );
}
