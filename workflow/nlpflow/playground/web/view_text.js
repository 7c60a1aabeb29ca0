// Text to text: the output while the reader types, attention, alternatives and the best outputs.

import { bars, el, examples, fill, focusNext, labelled, percent, result } from "./dom.js";

/** A token as it is shown: spaces are tokens of commands. */
const visible = (token) => (token === " " ? "\u2423" : token);
const BEAMS = [1, 3, 5, 10];
const N_BEST = 5;
const LOOKS = 3; // source words that are named for a word of the output

/** What a reader must know of an output that is shown. */
export function warningsOf({ settings }, source, found) {
  // A network that copies can write words that its vocabulary lacks.
  const unknown = settings.copying ? [] : source.tokens.filter((_, i) => source.unknown[i]);
  const notes = [];
  if (unknown.length) notes.push(`The network does not know: ${[...new Set(unknown)].join(", ")}.`);
  if (source.unread) notes.push(`${source.unread} words at the end are not read.`);
  if (!found.ended) notes.push("The output is cut at the length limit.");
  return notes;
}

export function textView(model, ask, client) {
  let forced = []; // ids of the first words of the output that the reader chose
  let opened = null; // the word of the output whose alternatives are shown
  const text = el("textarea", { rows: 2, spellcheck: "false", autocapitalize: "off" });
  text.value = model.examples[0] ?? "";
  const beams = [...new Set([...BEAMS, model.decoding.beam])].sort((a, b) => a - b);
  const beam = el(
    "select",
    {},
    ...beams.map((size) => el("option", { value: size }, size === 1 ? "greedy" : `beam ${size}`)),
  );
  beam.value = model.decoding.sampling ? 1 : model.decoding.beam;
  const output = el("div", { class: "output" });
  let answered = null; // the text of the outputs that are shown
  const question = async () => {
    const read = text.value;
    const found = await ask("outputs", read, { beam: Number(beam.value), count: N_BEST, forced });
    return { ...found, read };
  };
  const run = client.latest(output, question, ({ source, outputs, read }) => {
    answered = read;
    show(source, outputs, 0);
  });
  const restart = () => {
    forced = [];
    opened = null;
    run();
  };
  text.addEventListener("input", restart);
  beam.addEventListener("change", run);

  function show(source, outputs, chosen) {
    if (!outputs.length) {
      const nothing = "The normalisation of this model leaves nothing of this text.";
      return fill(output, el("p", { class: "note" }, answered.trim() ? nothing : "Write a text."));
    }
    const found = outputs[chosen];
    fill(
      output,
      result(found.text || "(nothing)"),
      warnings(source, found),
      forced.length ? release() : null,
      model.settings.attention === "none"
        ? wordsAlone(source, outputs, chosen)
        : matrix(source, outputs, chosen),
      alternatives(source, outputs, chosen),
      outputs.length > 1 ? ranking(source, outputs, chosen) : null,
    );
    return undefined;
  }

  function warnings(source, found) {
    const notes = warningsOf(model, source, found);
    return notes.length ? el("p", { class: "note warning" }, notes.join(" ")) : null;
  }

  function release() {
    return el("button", { type: "button", class: "quiet", onclick: restart }, "Undo the choice of words");
  }

  /** A word of the output as a button that opens its alternatives. */
  function word(source, outputs, chosen, index) {
    const found = outputs[chosen];
    const open = () => {
      opened = opened === index ? null : index;
      show(source, outputs, chosen);
      output.querySelector(".alternatives")?.scrollIntoView({ block: "nearest" });
    };
    const attributes = {
      type: "button",
      id: `word-${index}`,
      "data-key": `word ${index}`,
      class: index === forced.length - 1 ? "word forced" : "word",
      "aria-expanded": String(opened === index),
      title: `probability ${percent(found.probabilities[index])}; click to choose another word`,
      onclick: open,
    };
    return el("button", attributes, visible(found.tokens[index]));
  }

  function wordsAlone(source, outputs, chosen) {
    const words = outputs[chosen].tokens.map((_, index) => word(source, outputs, chosen, index));
    return el("p", { class: "words" }, ...words);
  }

  /** Attention weights: one row per word of the output, one column per word of the source. */
  function matrix(source, outputs, chosen) {
    const found = outputs[chosen];
    const copies = found.copying.some((share) => share !== null);
    const head = source.tokens.map((token, column) =>
      el(
        "th",
        { scope: "col", "data-column": column, class: source.unknown[column] ? "unknown" : null },
        el("span", {}, visible(token)),
      ),
    );
    const rows = found.tokens.map((_, index) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, word(source, outputs, chosen, index)),
        ...found.weights[index].map((weight, column) => cell(weight, column, found, source, index)),
        copies ? el("td", { class: "copy" }, percent(found.copying[index])) : null,
      ),
    );
    const table = el(
      "table",
      { class: "attention" },
      el("caption", {}, "Where the network looks: words of the output in rows, of the input in columns"),
      el("thead", {}, el("tr", {}, el("td", {}), ...head, copies ? el("th", { scope: "col" }, "copied") : null)),
      el("tbody", {}, ...rows),
    );
    const said = el("p", { class: "note" }, "Choose a word of the output to put another in its place.");
    const mark = (event) => say(table, said, event, found, source);
    for (const event of ["pointerover", "pointerleave", "focusin"]) table.addEventListener(event, mark);
    return el("div", {}, el("div", { class: "scroll" }, table), said);
  }

  function cell(weight, column, found, source, index) {
    const seen = visible(source.tokens[column]);
    const label = `${visible(found.tokens[index])} looks at ${seen}: ${percent(weight)}`;
    const square = el("span", { style: `opacity:${weight}` });
    return el("td", { "data-column": column, "aria-label": label }, square);
  }

  /** Mark the cell under the pointer and say its weight; of a word with the focus, say the largest. */
  function say(table, said, { target, type }, found, source) {
    for (const marked of table.querySelectorAll(".marked")) marked.classList.remove("marked");
    const cellAt = type === "pointerover" ? target.closest("td[data-column]") : null;
    if (cellAt) {
      const { column } = cellAt.dataset;
      cellAt.closest("tr").querySelector("th").classList.add("marked");
      for (const other of table.querySelectorAll(`[data-column="${column}"]`)) other.classList.add("marked");
      said.textContent = cellAt.getAttribute("aria-label");
    } else if (type === "focusin") {
      const index = [...table.tBodies[0].rows].indexOf(target.closest("tr"));
      const weights = found.weights[index];
      const best = [...weights.keys()].sort((a, b) => weights[b] - weights[a]).slice(0, LOOKS);
      const looks = best.map((column) => `${visible(source.tokens[column])} ${percent(weights[column])}`);
      said.textContent = `${visible(found.tokens[index])} looks at ${looks.join(", ")}`;
    }
  }

  function alternatives(source, outputs, chosen) {
    const found = outputs[chosen];
    if (opened === null || opened >= found.tokens.length) return null;
    const offered = found.alternatives[opened];
    const force = (index) => {
      if (text.value !== answered) return; // its ids are those of another text
      focusNext(`word ${opened}`);
      forced = [...found.ids.slice(0, opened), offered[index].id];
      opened = null;
      run();
    };
    const rows = offered.map(({ token, probability }) => ({
      name: visible(token),
      share: probability,
      text: percent(probability),
    }));
    const title = `Instead of “${visible(found.tokens[opened])}”: choose a word, and the rest is computed anew`;
    const current = offered.findIndex(({ id }) => id === found.ids[opened]);
    return el("section", { class: "alternatives" }, el("h3", {}, title), bars(rows, force, current));
  }

  function ranking(source, outputs, chosen) {
    const choose = (index) => {
      opened = null;
      show(source, outputs, index);
    };
    const best = outputs[0].score;
    const rows = outputs.map(({ text: found, score }) => ({
      name: found || "(nothing)",
      share: Math.exp(score - best),
      text: score.toFixed(2),
    }));
    return el(
      "section",
      { class: "ranking" },
      el("h3", {}, "The best outputs, with log-probabilities divided by the length penalty"),
      bars(rows, choose, chosen),
    );
  }

  run();
  return [
    labelled(model.prompt, text),
    examples(model.examples, text, restart),
    labelled("Search", beam),
    output,
  ];
}
