// Tags and entities: coloured words, the best sequences, and the scores along the best one.

import { bars, el, examples, fill, labelled, percent } from "./dom.js";

export function tagsView(model, ask, client) {
  const text = el("textarea", { rows: 2, spellcheck: "false" });
  text.value = model.examples[0] ?? "";
  const output = el("div", { class: "output", "aria-live": "polite" });
  const run = client.latest(() => ask("tag", text.value), show);
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
    const note = unknown.length ? `Words that training lacks: ${unknown.join(", ")}.` : "";
    fill(
      output,
      el("p", { class: "tagged", id: "result" }, ...found.words.map((_, i) => word(found, i))),
      el("p", { class: "note" }, "The stronger the colour, the surer the tag. ", note),
      ranking(found),
      path(found),
    );
    return undefined;
  }

  function word(found, index) {
    const tag = found.best[index];
    const share = found.shares[index];
    const strength = tag === "O" && model.scheme ? 0 : 0.75 * share;
    const style = `--tag:${colour(tag)};--strength:${(100 * strength).toFixed(0)}%`;
    const most = [...found.marginals[index].keys()]
      .sort((a, b) => found.marginals[index][b] - found.marginals[index][a])
      .slice(0, 3)
      .map((i) => `${model.vocabulary.tags[i]} ${percent(found.marginals[index][i])}`);
    return el(
      "span",
      { class: "tagged-word", style, title: most.join(", "), tabindex: "0" },
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
      el("summary", {}, "Scores along the best sequence"),
      el(
        "table",
        { class: "numbers" },
        el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...rows),
      ),
    );
  }

  run();
  return [labelled("Sentence, with spaces between words and signs", text), examples(model.examples, text, run), output];
}
