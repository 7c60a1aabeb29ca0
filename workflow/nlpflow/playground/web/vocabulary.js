// Vocabularies: the tokens of a side and their ids; words, parts of words, or subwords.

import { partsOf } from "./text.js";
import { Subwords } from "./subwords.js";

export const PAD = 0;
export const UNK = 1;
export const SOS = 2;
export const EOS = 3;
export const SPECIALS = ["<pad>", "<unk>", "<SOS>", "<EOS>"];

/** Words between spaces, or parts of words. */
class Listed {
  constructor({ kind, tokens, spaces }) {
    this.names = SPECIALS.concat(tokens);
    this.ids = new Map(tokens.map((token, index) => [token, index + SPECIALS.length]));
    this.isParts = kind === "parts";
    this.spaces = spaces;
  }

  get size() {
    return this.names.length;
  }

  /** A normalised sentence cut into tokens, known or not. */
  tokens(sentence) {
    return this.isParts
      ? partsOf(sentence, this.spaces)
      : sentence.split(" ").filter((word) => word);
  }

  idOf(token) {
    return this.ids.get(token) ?? UNK;
  }

  encode(sentence) {
    return this.tokens(sentence).map((token) => this.idOf(token));
  }

  token(id) {
    return this.names[id];
  }

  /** The sentence of tokens, known or not. */
  joined(tokens) {
    return this.isParts && this.spaces ? tokens.join("").trim() : tokens.join(" ");
  }

  /** The sentence of ids, without the special tokens. */
  decode(ids) {
    return this.joined(ids.filter((id) => id === UNK || id > EOS).map((id) => this.token(id)));
  }
}

/** A vocabulary from its description in the page. */
export function vocabularyOf(described) {
  return described.kind === "subwords" ? new Subwords(described) : new Listed(described);
}
