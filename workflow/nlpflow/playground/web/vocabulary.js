// Vocabularies: the tokens of a side and their ids; words, parts of words, or subwords.

import { Spacing } from "./parts.js";
import { Subwords } from "./subwords.js";

export const PAD = 0;
export const UNK = 1;
export const SOS = 2;
export const EOS = 3;
export const SPECIALS = ["<pad>", "<unk>", "<SOS>", "<EOS>"];

/** Words between spaces. */
class Words {
  constructor({ tokens }) {
    this.names = SPECIALS.concat(tokens);
    this.ids = new Map(tokens.map((token, index) => [token, index + SPECIALS.length]));
  }

  get size() {
    return this.names.length;
  }

  /** A normalised sentence cut into tokens, known or not. */
  tokens(sentence) {
    return sentence.split(" ").filter((word) => word);
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
    return tokens.join(" ");
  }

  /** The sentence of ids, without the special tokens. */
  decode(ids) {
    return this.joined(ids.filter((id) => id === UNK || id > EOS).map((id) => this.token(id)));
  }
}

/** Parts of words. */
class Parts extends Words {
  constructor(described) {
    super(described);
    this.spacing = new Spacing(described.spaces_between);
  }

  tokens(sentence) {
    return this.spacing.tokens(sentence);
  }

  joined(tokens) {
    return this.spacing.joined(tokens);
  }
}

const KINDS = { words: Words, parts: Parts, subwords: Subwords };

/** A vocabulary from its description in the page. */
export function vocabularyOf(described) {
  return new KINDS[described.kind](described);
}
