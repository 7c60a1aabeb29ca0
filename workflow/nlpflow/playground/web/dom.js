// Elements of the page. Texts are always set as text, never as markup: they come from corpora.

/**
 * An element.
 *
 * @param attributes attributes; those that begin with "on" are listeners, null ones are left out
 * @param children elements and texts
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

let wanted = null; // the key of the element that gets the focus when it appears

/** Give the focus to the next element with this key, in place of the one that had it. */
export function focusNext(key) {
  wanted = key;
}

/** Replace what an element contains; the focus stays on the element with the same `data-key`. */
export function fill(element, ...children) {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const key = wanted ?? active?.dataset.key;
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  const found = key ? element.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  if (!found) return;
  wanted = null;
  found.focus();
}

/** The result, which screen readers read out when it changes. */
export function result(text) {
  return el("p", { class: "result", id: "result", "aria-live": "polite" }, text);
}

/** A field with its label. */
export function labelled(text, field) {
  return el("label", { class: "field" }, el("span", {}, text), field);
}

/** A list of examples; a click puts one into the field and asks for the result. */
export function examples(texts, field, ask) {
  if (!texts.length) return null;
  const use = (text) => () => {
    field.value = text;
    ask();
  };
  const buttons = texts.map((text) => el("button", { type: "button", onclick: use(text) }, text));
  return el("p", { class: "examples" }, "Try: ", ...buttons);
}

/**
 * Bars: [{name, share, text, isFixed}], the share between 0 and 1.
 *
 * @param choose makes the bars buttons that call it with their index, but those that are fixed
 * @param chosen index of the one that is chosen
 */
export function bars(rows, choose = null, chosen = null) {
  const cells = rows.map(({ name, share, text, isFixed }, index) => {
    const content = [
      el("span", { class: "name" }, name),
      el("span", { class: "track" }, el("span", { class: "bar", style: `width:${100 * share}%` })),
      el("span", { class: "number" }, text),
    ];
    if (!choose || isFixed) return el("li", {}, el("div", { class: "row" }, ...content));
    const pressed = chosen === null ? null : String(chosen === index);
    const press = { type: "button", class: "row", "aria-pressed": pressed, "data-key": `bar ${name}` };
    return el("li", {}, el("button", { ...press, onclick: () => choose(index) }, ...content));
  });
  return el("ul", { class: "bars" }, ...cells);
}

export const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
