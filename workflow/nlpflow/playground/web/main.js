// The page: a list of models, and the view of the chosen one.

import { Client } from "./client.js";
import { el, fill } from "./dom.js";
import { languageView } from "./view_language.js";
import { tagsView } from "./view_tags.js";
import { textView } from "./view_text.js";
import { wordsView } from "./view_words.js";

const VIEWS = {
  seq2seq: textView,
  labelling: tagsView,
  language_id: languageView,
  embeddings: wordsView,
};

/** Shows the page in `root`; `source` is the worker's code. */
export function start(root, source) {
  const page = JSON.parse(document.getElementById("page").textContent);
  const described = new Map();
  const read = (id) => {
    if (!described.has(id)) {
      described.set(id, JSON.parse(document.querySelector(`script[data-model="${id}"]`).textContent));
    }
    return described.get(id);
  };
  const client = new Client(source, read);
  const panel = el("main", { tabindex: "-1" });
  const isNarrow = window.matchMedia("(max-width: 44rem)");
  const buttons = new Map();

  function show(id) {
    for (const [other, button] of buttons) {
      button.setAttribute("aria-current", other === id ? "page" : "false");
    }
    client.drop();
    const model = read(id);
    const ask = (verb, ...asked) => client.ask(id, verb, ...asked);
    fill(
      panel,
      el("h2", {}, model.label),
      ...VIEWS[model.kind](model, ask, client),
      about(model),
    );
  }

  const groups = new Map(page.models.map(({ title }) => [title, []]));
  for (const model of page.models) groups.get(model.title).push(model);
  const lists = [...groups].map(([title, models]) =>
    el(
      "section",
      {},
      el("h2", {}, title),
      el(
        "ul",
        {},
        ...models.map(({ id, label }) => {
          const choose = () => {
            show(id);
            menu.open = !isNarrow.matches;
            if (isNarrow.matches) panel.focus();
          };
          const button = el("button", { type: "button", onclick: choose }, label);
          buttons.set(id, button);
          return el("li", {}, button);
        }),
      ),
    ),
  );
  const nav = el("nav", { "aria-label": "Models" }, ...lists, leftOut(page));
  // On a phone the list would hide the model: there it is closed until it is wanted.
  const menu = el("details", { class: "menu" }, el("summary", {}, "All models"), nav);
  const follow = () => {
    menu.open = !isNarrow.matches;
  };
  isNarrow.addEventListener("change", follow);
  follow();
  fill(
    root,
    el(
      "header",
      {},
      el("h1", {}, "Playground"),
      el("p", {}, `Models of config ${page.config}, which run in this page: no server, no network.`),
    ),
    el("div", { class: "layout" }, menu, panel),
  );
  if (page.models.length) show(page.models[0].id);
  else fill(panel, el("p", { class: "note" }, "This config has no model that the page can run."));
}

function leftOut({ left_out: names }) {
  if (!names.length) return null;
  const items = names.map(({ id, reason }) => el("li", {}, `${id}: ${reason}`));
  return el("details", {}, el("summary", {}, "Models that are not in this page"), el("ul", {}, ...items));
}

/** Held-out scores, data, licences and the card of a model. */
function about({ id, scores, data, card, languages, notes }) {
  const rows = scores.map(({ test_set: testSet, metric, value }) =>
    el("tr", {}, el("td", {}, testSet), el("td", {}, metric), el("td", { class: "number" }, value.toFixed(2))),
  );
  const corpora = data.map(({ title, licence, attribution }) =>
    el("li", {}, `${title}. Licence: ${licence}. Attribution: ${attribution}.`),
  );
  const seconds = Math.round(card.seconds);
  const minutes = `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const trained =
    `${card.parameters.toLocaleString("en")} parameters, random seed ${card.seed}, trained in ` +
    `${minutes} on ${card.machine} with nlpflow ${card.nlpflow} and torch ${card.torch}. The page ` +
    "runs the weights in half precision.";
  return el(
    "details",
    { class: "about", open: true },
    el("summary", {}, "About this model"),
    el("p", {}, `${id} (${languages.join(", ")}). ${trained}`),
    ...notes.map((note) => el("p", {}, note)),
    el("h3", {}, "Held-out scores"),
    rows.length
      ? el("table", { class: "numbers" }, el("tbody", {}, ...rows))
      : el("p", {}, "No test set was scored with these weights."),
    el("h3", {}, "Data"),
    el("ul", {}, ...corpora),
  );
}
