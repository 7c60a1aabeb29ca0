// Normalisation of sentences, and how texts are cut into words. Each function gives what
// nlpflow.text gives in Python; the patterns are explained there.

export const SPACE = "\\t-\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const ANY_SPACE = new RegExp(`[${SPACE}]`, "gu");
const BEYOND_ASCII = /[^\x00-\x7f]/; // eslint-disable-line no-control-regex
const INVISIBLE = new RegExp(
  "[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\xad\\u061c\\u180e\\u200b\\u200e\\u200f" +
    "\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{1bca0}-\\u{1bca3}" +
    "\\u{1d173}-\\u{1d17a}\\u{e0001}\\u{e0020}-\\u{e007f}]+",
  "gu",
);
const JOINERS = "\\u200c\\u200d";
const AFTER_SPACE = new RegExp(` [ ${JOINERS}]+`, "gu");

/** A text without white space at its ends, as Python's `str.strip` leaves it. */
export function trimmed(text) {
  return text.replace(AROUND, "");
}

/** Lower case, each character by itself: Arrow's kernel does not look at its neighbours. */
function lowered(text) {
  return Array.from(text, (c) => (c === "\u0130" ? "i" : c.toLowerCase())).join("");
}

function tutorial(text) {
  let found = lowered(trimmed(text));
  if (BEYOND_ASCII.test(found)) found = found.normalize("NFD").replace(/\p{Mn}+/gu, "");
  found = found.replace(/[.!?]/g, " $&");
  return found.replace(/[^a-z.!? ][^a-z.!?]*| [^a-z.!?]+/gu, " ");
}

function cased(text) {
  let found = text.replace(INVISIBLE, "").replace(ANY_SPACE, " ").replace(AFTER_SPACE, " ");
  found = found.replace(new RegExp(`^[ ${JOINERS}]+`, "u"), "").replace(/ +$/u, "");
  return BEYOND_ASCII.test(found) ? found.normalize("NFC") : found;
}

function signsApart(text) {
  return text
    .replace(new RegExp(`[^\\p{L}\\p{M}\\p{N} '’${JOINERS}-]`, "gu"), " $& ")
    .replace(/(^| )(['’-]+)/gu, "$1$2 ")
    .replace(/(['’-]+)( |$)/gu, " $1 ")
    .replace(AFTER_SPACE, " ")
    .replace(/^ +| +$/gu, "");
}

const NORMALISATIONS = {
  tutorial,
  cased,
  cased_words: (text) => signsApart(cased(text)),
  words: (text) => signsApart(lowered(cased(text))),
};

/** A raw sentence as a dataset with this normalisation has it, without white space around it. */
export function normalised(text, name) {
  return trimmed(NORMALISATIONS[name](text));
}

/** The words of a line, between spaces and tabs. */
export function splitWords(line) {
  return line.split(/[ \t]/u).filter((word) => word);
}

/** Words of tagged data: composed characters, and 0 for each digit unless the normalisation is none. */
export function normalisedWords(words, name) {
  const composed = words.map((word) => word.normalize("NFC"));
  return name === "none" ? composed : composed.map((word) => word.replace(/\p{Nd}/gu, "0"));
}

/** Lower case with spaces for everything but letters, marks and digits. */
export function bareWords(text) {
  return splitWords(lowered(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, " "));
}

// Digits beyond \p{Nd} of which Python's `str.isdigit` is true: superscripts, circled digits, ...
const DIGIT =
  /[\p{Nd}\xb2\xb3\xb9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]/u;

/** The shape of a word: "McDonald-42" -> "XxXx-0". */
export function wordShape(word) {
  let shape = "";
  for (const c of word) {
    let kind = DIGIT.test(c) ? "0" : c;
    if (/\p{L}/u.test(c)) kind = /\p{Uppercase}/u.test(c) ? "X" : "x";
    if (!shape.endsWith(kind)) shape += kind;
  }
  return shape;
}

/** The names of the prefixes and suffixes of 1 to `longest` characters: "1:p", "-1:s", ... */
export function wordAffixes(word, longest) {
  const letters = Array.from(word.toLowerCase());
  const names = [];
  for (let n = 1; n <= longest; n++) {
    names.push(`${n}:${letters.slice(0, n).join("")}`, `-${n}:${letters.slice(-n).join("")}`);
  }
  return names;
}
