// Language identification: logistic regression over words or hashed character n-grams.

import { softmax } from "./tensors.js";
import { bareWords, normalised } from "./text.js";

const BOUNDARY = 0x110000; // marks both ends of a sentence
const [START, FACTOR, FINAL] = [0x811c9dc5, 0x9e3779b1, 0x85ebca6b];

/** The n-grams of a sentence of 1 to `longest` characters: [{text, bucket}]. */
export function hashedNgrams(sentence, { longest, buckets, ends }) {
  const end = ends === "space" ? 0x20 : BOUNDARY;
  const marked = [end, ...Array.from(sentence, (c) => c.codePointAt(0)), end];
  const shift = 32 - Math.log2(buckets);
  const found = [];
  for (let start = 0; start < marked.length - 1; start++) {
    let hash = START;
    for (let size = 1; size <= longest && start + size <= marked.length; size++) {
      hash = Math.imul(hash ^ marked[start + size - 1], FACTOR) >>> 0;
      if (start === 0 && size === 1) continue; // a boundary alone
      const mixed = Math.imul(hash ^ (hash >>> 15), FINAL) >>> 0;
      found.push({ start, size, feature: shift >= 32 ? 0 : mixed >>> shift });
    }
  }
  const shownEnd = ends === "space" ? " " : "_";
  const shown = (at) =>
    at === 0 || at === marked.length - 1 ? shownEnd : String.fromCodePoint(marked[at]);
  return found.map(({ start, size, feature }) => ({
    feature,
    text: [...Array(size).keys()].map((i) => shown(start + i)).join(""),
  }));
}

export class Identifier {
  constructor(described, weights) {
    this.settings = described.settings;
    this.normalisation = described.normalisation;
    this.languages = described.languages;
    this.longestText = described.longest_text; // characters that are read
    this.letters = described.letters; // [first, last] code points of the scripts of training
    this.words = new Map((described.words ?? []).map((word, index) => [word, index]));
    this.weight = weights.get("weight");
    this.scale = weights.get("scale").data;
    this.bias = weights.get("bias").data;
  }

  features(sentence) {
    if (this.settings.features === "characters") return hashedNgrams(sentence, this.settings);
    return bareWords(sentence)
      .filter((word) => this.words.has(word))
      .map((word) => ({ feature: this.words.get(word), text: word }));
  }

  /** The weight of a feature for a language: 8-bit integers with a scale per language. */
  weightOf(feature, language) {
    return this.weight.data[feature * this.languages.length + language] * this.scale[language];
  }

  isKnownLetter(code) {
    return this.letters.some(([first, last]) => first <= code && code <= last);
  }

  /** Whether at least half of the letters belong to scripts of the training set. */
  isReadable(sentence) {
    const letters = sentence.match(/\p{L}/gu) ?? [];
    const known = letters.filter((letter) => this.isKnownLetter(letter.codePointAt(0)));
    return known.length > 0 && 2 * known.length >= letters.length;
  }

  /** The probability of each language; all 0 for a text that cannot be read. */
  identify(text) {
    const cut = Array.from(text).slice(0, this.longestText).join("");
    const sentence = normalised(cut, this.normalisation);
    const features = this.features(sentence);
    const count = Math.max(features.length, 1);
    const factor = this.settings.features === "characters" ? 1 / Math.sqrt(count) : 1;
    const scores = Float64Array.from(this.languages, (_, language) => {
      const sum = features.reduce((total, { feature }) => total + this.weightOf(feature, language), 0);
      return factor * sum + this.bias[language];
    });
    const readable = this.isReadable(sentence);
    return {
      readable,
      probabilities: Array.from(softmax(scores), (share) => (readable ? share : 0)),
      evidence: this.evidence(features, factor),
    };
  }

  /**
   * What the text's features say: [{text, leads}], where `leads` has for each language how
   * much the features add to its score beyond their mean over all languages.
   */
  evidence(features, factor) {
    const found = new Map();
    for (const { feature, text } of features) {
      if (!found.has(text)) found.set(text, { text, feature, count: 0 });
      found.get(text).count++;
    }
    return [...found.values()].map(({ text, feature, count }) => {
      const own = this.languages.map((_, language) => this.weightOf(feature, language));
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      return { text, leads: own.map((value) => count * factor * (value - mean)) };
    });
  }
}
