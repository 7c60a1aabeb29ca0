// Word vectors, and language models that predict the next word.

import { lstmCell, lstmStart, run } from "./recurrent.js";
import { affine, concatenated, dot, largest, relu, row, softmax } from "./tensors.js";
import { normalised } from "./text.js";
import { EOS, PAD, SOS, SPECIALS, UNK, vocabularyOf } from "./vocabulary.js";

export class WordVectors {
  constructor(described, weights) {
    this.normalisation = described.normalisation;
    this.vocabulary = vocabularyOf(described.vocabulary);
    const matrix = weights.get("embedding.weight");
    this.words = this.vocabulary.names.slice(SPECIALS.length);
    this.unit = this.words.map((_, index) => unitLength(row(matrix, index + SPECIALS.length)));
  }

  /** The row of a word as a reader writes it; null for an unknown one. */
  find(word) {
    const id = this.vocabulary.idOf(normalised(word, this.normalisation));
    return id === UNK ? null : id - SPECIALS.length;
  }

  /** The words with the largest cosine: [{word, cosine}]; `without` are left out. */
  nearest(vector, count, without) {
    const cosines = this.unit.map((own, index) => (without.includes(index) ? -Infinity : dot(own, vector)));
    return largest(cosines, Math.min(count, this.words.length - new Set(without).size)).map(
      (index) => ({ word: this.words[index], cosine: cosines[index] }),
    );
  }

  /** The nearest words, or null for an unknown word. */
  neighbours(word, count = 10) {
    const index = this.find(word);
    return index === null ? null : this.nearest(this.unit[index], count, [index]);
  }

  /** Those of some words, as a reader writes them, that the model does not know. */
  unknown(...words) {
    return words.filter((word) => this.find(word) === null);
  }

  /** What is to `c` as `b` is to `a`: 3CosAdd (Mikolov et al. 2013b, section 4). */
  analogy(a, b, c, count = 5) {
    const rows = [a, b, c].map((word) => this.find(word));
    if (rows.includes(null)) return null;
    const [one, two, three] = rows.map((index) => this.unit[index]);
    const target = unitLength(two.map((value, i) => value - one[i] + three[i]));
    return this.nearest(target, count, rows);
  }
}

function unitLength(vector) {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

export class LanguageModel {
  constructor(described, weights) {
    this.normalisation = described.normalisation;
    this.settings = described.settings;
    this.vocabulary = vocabularyOf(described.vocabulary);
    this.weights = weights;
    const bias = weights.get("output.bias").data;
    this.output = { weight: weights.get("output.weight"), bias };
  }

  /** Features from which the next word is predicted, given the ids so far. */
  features(ids) {
    const vectors = (read) => read.map((id) => row(this.weights.get("embedding.weight"), id));
    if (this.settings.kind === "lstm") {
      let outputs = vectors([SOS, ...ids]);
      for (let layer = 0; layer < this.settings.layers; layer++) {
        const [name, suffix] = ["lstm", `_l${layer}`];
        const start = lstmStart(this.weights, name, suffix);
        outputs = run(lstmCell(this.weights, name, suffix), outputs, start).map(({ state }) => state);
      }
      return outputs.at(-1);
    }
    const { context } = this.settings;
    const padded = [...Array(context).fill(SOS), ...ids].slice(-context);
    return affine(this.weights.linear("hidden"), concatenated(...vectors(padded))).map(relu);
  }

  /** The probability of every id after a raw text. */
  probabilities(text) {
    const ids = this.vocabulary.encode(normalised(text, this.normalisation));
    return softmax(affine(this.output, this.features(ids)));
  }

  /** The most probable next words: [{word, probability}]; <EOS> is the end of the sentence. */
  next(text, count = 12) {
    const shares = this.probabilities(text);
    return largest(shares, count + 2)
      .filter((id) => id !== PAD && id !== SOS)
      .slice(0, count)
      .map((id) => ({ id, word: this.vocabulary.token(id), isEnd: id === EOS, probability: shares[id] }));
  }
}
