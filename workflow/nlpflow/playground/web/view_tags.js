// Tags and entities: coloured words, the best sequences, and the scores along the best one.

import { bars, el, examples, fill, labelled, percent } from "./dom.js";

export function tagsView(model, ask, client) {
  const text = el("textarea", { rows: 2, spellcheck: "false" });
  text.value = model.examples[0] ?? "";
  const output = el("div", { class: "output" });
  const oneLine = () => text.value.replace(/\s*\n\s*/g, " ");
  const run = client.latest(output, () => ask("tag", oneLine()), show);
  text.addEventListener("input", run);
  // Types of entities share a colour: B-PER and I-PER.
  const kinds = [...new Set(model.vocabulary.tags.map(kindOf))].filter((kind) => kind !== "O");
  const colour = (tag) => `hsl(${Math.round((kinds.indexOf(kindOf(tag)) * 360) / kinds.length)} 70% 50%)`;

  function kindOf(tag) {
    return model.scheme && tag !== "O" ? tag.slice(2) : tag;
  }

  function show(found) {
    if (!found.words.length) return fill(output, el("p", { class: "note" }, "Write a sentence."));
    const unknown = found.words.filter((_, i) => !found.known[i]);
    const notes = ["A stronger colour means a more probable tag."];
    if (unknown.length) notes.push(`Words that training lacks: ${unknown.join(", ")}.`);
    if (found.unread) notes.push(`${found.unread} words at the end are not read.`);
    const said = el("p", { class: "note", "aria-live": "polite" }, "Choose a word for its best tags.");
    fill(
      output,
      el("p", { class: "tagged", id: "result" }, ...found.words.map((_, i) => word(found, i, said))),
      said,
      el("p", { class: "note" }, notes.join(" ")),
      found.ranked.length ? ranking(found) : null,
      path(found),
    );
    return undefined;
  }

  function word(found, index, said) {
    const tag = found.best[index];
    const share = found.shares[index];
    const strength = tag === "O" && model.scheme ? 0 : 0.35 * share;
    const style = `--tag:${colour(tag)};--strength:${(100 * strength).toFixed(0)}%`;
    const most = [...found.marginals[index].keys()]
      .sort((a, b) => found.marginals[index][b] - found.marginals[index][a])
      .slice(0, 3)
      .map((i) => `${model.vocabulary.tags[i]} ${percent(found.marginals[index][i])}`);
    const tell = () => {
      said.textContent = `${found.words[index]}: ${most.join(", ")}`;
    };
    return el(
      "button",
      { type: "button", class: "tagged-word", style, onclick: tell, onfocus: tell, onpointerover: tell },
      el("span", {}, found.words[index]),
      el("small", {}, `${tag} ${percent(share)}`),
    );
  }

  function ranking({ ranked }) {
    const rows = ranked.map(({ tags, logProbability }) => ({
      name: tags.join(" "),
      share: Math.exp(logProbability),
      text: percent(Math.exp(logProbability)),
    }));
    return el("section", {}, el("h3", {}, "The most probable sequences"), bars(rows));
  }

  function path(found) {
    if (model.settings.output !== "crf") return null;
    const rows = found.path.map(({ tag, emission, transition }, index) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, found.words[index] ?? "end"),
        el("td", {}, tag ?? ""),
        el("td", { class: "number" }, transition.toFixed(2)),
        el("td", { class: "number" }, tag === null ? "" : emission.toFixed(2)),
      ),
    );
    const heads = ["word", "tag", "transition", "emission"];
    return el(
      "details",
      {},
      el("summary", {}, `Scores along the best sequence${model.scheme ? `, tags in ${model.scheme}` : ""}`),
      el("p", { class: "note" }, "Emission: the word's score for the tag. Transition: from the tag before."),
      el(
        "table",
        { class: "numbers" },
        el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...rows),
      ),
    );
  }

  run();
  return [labelled(model.prompt, text), examples(model.examples, text, run), output];
}
