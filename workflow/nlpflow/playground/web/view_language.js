// Language identification: probabilities, and the features that spoke for and against a language.

import { bars, el, examples, fill, labelled, percent, result } from "./dom.js";

const SHOWN = 8;
const signed = (value) => value.toFixed(2).replace("-", "\u2212");

export function languageView(model, ask, client) {
  const text = el("textarea", { rows: 3, spellcheck: "false" });
  text.value = model.examples[0] ?? "";
  const output = el("div", { class: "output" });
  let chosen = null; // the language whose evidence is shown; null: the most probable one
  const run = client.latest(output, () => ask("identify", text.value), show);
  const restart = () => {
    chosen = null;
    run();
  };
  text.addEventListener("input", restart);

  function show(found) {
    if (!found.readable) {
      const note = "No letters of a script that the training set has: the language is undetermined.";
      return fill(output, el("p", { class: "note" }, note));
    }
    const { probabilities } = found;
    const order = [...model.languages.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    const language = chosen ?? order[0];
    const rows = order.map((index) => ({
      name: model.languages[index],
      share: probabilities[index],
      text: percent(probabilities[index]),
    }));
    const choose = (index) => {
      chosen = order[index];
      show(found);
    };
    fill(
      output,
      result(model.languages[order[0]]),
      bars(rows, choose, order.indexOf(language)),
      evidence(found, language),
    );
    return undefined;
  }

  function evidence({ evidence: features }, language) {
    const sorted = [...features].sort((a, b) => b.leads[language] - a.leads[language]);
    const most = Math.max(...sorted.map(({ leads }) => Math.abs(leads[language])), 1e-9);
    const list = (title, chosenFeatures) =>
      el(
        "section",
        {},
        el("h3", {}, title),
        bars(
          chosenFeatures.map(({ text: feature, leads }) => ({
            name: feature.replaceAll(" ", "\u2423"),
            share: Math.abs(leads[language]) / most,
            text: signed(leads[language]),
          })),
        ),
      );
    const name = model.languages[language];
    return el(
      "div",
      { class: "columns" },
      list(`Speaks for ${name}`, sorted.filter(({ leads }) => leads[language] > 0).slice(0, SHOWN)),
      list(
        `Speaks against ${name}`,
        sorted.reverse().filter(({ leads }) => leads[language] < 0).slice(0, SHOWN),
      ),
    );
  }

  run();
  return [labelled(model.prompt, text), examples(model.examples, text, restart), output];
}
