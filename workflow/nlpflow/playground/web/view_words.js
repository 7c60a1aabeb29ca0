// Embeddings: a map, neighbours and analogies; and the next words of a language model.

import { bars, el, fill, labelled, percent } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM = 1.3;
const STEP = 0.15; // of the width or height that is seen
const FONT = 12; // pixels

export function wordsView(model, ask, client) {
  const parts = [];
  if (["ngram", "lstm"].includes(model.settings.kind)) parts.push(nextWords(model, ask, client));
  const { section, choose } = neighbours(model, ask, client);
  parts.push(section, analogy(model, ask, client), map(model, choose));
  return parts;
}

/** The most frequent token with a letter, of tokens in order of frequency. */
export function firstWord(tokens) {
  return tokens.find((token) => /\p{L}/u.test(token)) ?? "";
}

function nextWords(model, ask, client) {
  const value = firstWord(model.vocabulary.tokens);
  const text = el("input", { type: "text", value, spellcheck: "false" });
  const output = el("div", {});
  const run = client.latest(output, () => ask("next", text.value), (words) => {
    const add = (index) => {
      text.value = `${text.value.trim()} ${words[index].word}`;
      run();
    };
    const rows = words.map(({ word, isEnd, probability }) => ({
      name: isEnd ? "(end of the sentence)" : word,
      share: probability,
      text: percent(probability),
      isFixed: isEnd,
    }));
    fill(output, bars(rows, add));
  });
  text.addEventListener("input", run);
  run();
  const title = el("h3", {}, "The next word");
  return el("section", {}, title, labelled("Beginning of a sentence", text), output);
}

const cosines = (found) =>
  bars(found.map(({ word, cosine }) => ({ name: word, share: Math.max(0, cosine), text: cosine.toFixed(2) })));

/** What is shown of some words: the answer, or which of them are missing or unknown. */
function answered(fields, ask, output, verb, client) {
  const words = () => fields.map((field) => field.value.trim());
  const question = async () => {
    if (words().includes("")) return { note: fields.length > 1 ? "Write three words." : "Write a word." };
    const unknown = await ask("unknown", ...words());
    if (unknown.length) return { note: `The model does not know: ${unknown.join(", ")}.` };
    return { found: await ask(verb, ...words()) };
  };
  const run = client.latest(output, question, ({ note, found }) =>
    fill(output, note ? el("p", { class: "note" }, note) : cosines(found)),
  );
  fields.forEach((field) => field.addEventListener("input", run));
  run();
  return run;
}

function neighbours(model, ask, client) {
  const word = el("input", { type: "text", value: model.examples[0] ?? "", spellcheck: "false" });
  const output = el("div", { id: "result" });
  const run = answered([word], ask, output, "neighbours", client);
  const choose = (chosen) => {
    word.value = chosen;
    run();
  };
  const title = el("h3", {}, "Nearest words, by cosine");
  return { section: el("section", {}, title, labelled("Word", word), output), choose };
}

function analogy(model, ask, client) {
  const values = [0, 1, 2].map((index) => model.examples[index] ?? "");
  const fields = values.map((value, index) =>
    el("input", { type: "text", value, spellcheck: "false", "aria-label": `word ${index + 1} of the analogy` }),
  );
  const output = el("div", {});
  answered(fields, ask, output, "analogy", client);
  const between = [" is to ", " as ", " is to …"];
  const cells = fields.flatMap((field, index) => [field, el("span", {}, between[index])]);
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
  svg.setAttribute("tabindex", "0");
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
    const shown = svg.getBoundingClientRect().width || width;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    svg.style.fontSize = `${(FONT * view.width) / shown}px`; // as large on a phone as elsewhere
  };
  const zoom = (factor, atX = 0.5, atY = 0.5) => {
    view.x += view.width * (1 - factor) * atX;
    view.y += view.height * (1 - factor) * atY;
    view.width *= factor;
    view.height *= factor;
    look();
  };
  const move = (toRight, down) => {
    view.x += toRight * view.width;
    view.y += down * view.height;
    look();
  };
  const KEYS = {
    "+": () => zoom(1 / ZOOM),
    "-": () => zoom(ZOOM),
    ArrowLeft: () => move(-STEP, 0),
    ArrowRight: () => move(STEP, 0),
    ArrowUp: () => move(0, -STEP),
    ArrowDown: () => move(0, STEP),
  };
  svg.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  svg.addEventListener("wheel", (event) => {
    if (document.activeElement !== svg && !event.ctrlKey) return; // the page scrolls
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    const at = [(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height];
    zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, ...at);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!event.buttons || event.pointerType === "touch") return; // a finger scrolls the page
    const shown = svg.getBoundingClientRect().width;
    move(-event.movementX / shown, (-event.movementY * view.width) / (shown * view.height));
  });
  new ResizeObserver(look).observe(svg);
  const button = (label, name, key) =>
    el("button", { type: "button", "aria-label": name, onclick: KEYS[key] }, label);
  return el(
    "section",
    {},
    el("h3", {}, `Map of the ${model.map.length} most frequent words`),
    el(
      "p",
      { class: "note" },
      "Drag to move; after a click into the map, scroll or type + and - to zoom, and arrows to move. " +
        "Click a word for its neighbours.",
    ),
    el(
      "p",
      { class: "buttons" },
      button("+", "Zoom in", "+"),
      button("\u2212", "Zoom out", "-"),
      button("\u2190", "Move left", "ArrowLeft"),
      button("\u2192", "Move right", "ArrowRight"),
      button("\u2191", "Move up", "ArrowUp"),
      button("\u2193", "Move down", "ArrowDown"),
    ),
    el("div", { class: "map" }, svg),
  );
}
