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

/** Replace what an element contains. */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
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

/** Bars: [{name, share, text}], the share between 0 and 1; `choose(index)` makes them buttons. */
export function bars(rows, choose = null, chosen = null) {
  const cells = rows.map(({ name, share, text }, index) => {
    const content = [
      el("span", { class: "name" }, name),
      el("span", { class: "track" }, el("span", { class: "bar", style: `width:${100 * share}%` })),
      el("span", { class: "number" }, text),
    ];
    if (!choose) return el("li", {}, el("div", { class: "row" }, ...content));
    const pressed = chosen === null ? null : String(chosen === index);
    const press = { type: "button", class: "row", "aria-pressed": pressed, onclick: () => choose(index) };
    return el("li", {}, el("button", press, ...content));
  });
  return el("ul", { class: "bars" }, ...cells);
}

export const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
