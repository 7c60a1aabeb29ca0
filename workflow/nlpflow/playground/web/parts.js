// Text cut into parts, with marks for unusual spaces, as nlpflow.text.parts cuts it in Python.

import { SPACE, trimmed } from "./text.js";

const PART = new RegExp(
  `[\\p{L}\\p{Nl}\\p{No}_]+|\\p{Nd}+|[^\\p{L}\\p{N}_${SPACE}]|[${SPACE}]+`,
  "gu",
);
const SIGN = /^[^\p{L}\p{N}_]$/u;
const SPACE_MARK = " ";
const NO_SPACE_MARK = "<joined>";

/** What decides about the spaces around a part. */
function kindOf(part) {
  if (SIGN.test(part)) return part;
  return /^\p{Nd}/u.test(part) ? "digits" : "letters";
}

/** Where texts usually have a space between two parts. */
export class Spacing {
  constructor(pairs) {
    this.usual = new Set(pairs.map((kinds) => kinds.join(" ")));
  }

  isUsual(left, right) {
    return this.usual.has(`${kindOf(left)} ${kindOf(right)}`);
  }

  /** The parts of a text, with a mark at each unusual space and each unusual lack of one. */
  tokens(text) {
    const found = [];
    let left = "";
    let space = false;
    for (const [part] of trimmed(text).matchAll(PART)) {
      if (trimmed(part) === "") {
        space = true;
        continue;
      }
      if (left && space !== this.isUsual(left, part)) {
        found.push(space ? SPACE_MARK : NO_SPACE_MARK);
      }
      found.push(part);
      left = part;
      space = false;
    }
    return found;
  }

  /** The text of parts and marks. */
  joined(tokens) {
    let text = "";
    let left = "";
    let mark = "";
    for (const token of tokens) {
      if (token === SPACE_MARK || token === NO_SPACE_MARK) {
        mark = token;
        continue;
      }
      const space = mark ? mark === SPACE_MARK : left && this.isUsual(left, token);
      text += (left && space ? " " : "") + token;
      left = token;
      mark = "";
    }
    return text;
  }
}
