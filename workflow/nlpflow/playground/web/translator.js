// Text to text with a sequence-to-sequence network: translation, commands, chat and questions.

import { beamSearch, greedy } from "./search.js";
import { seq2seqOf } from "./seq2seq.js";
import { largest } from "./tensors.js";
import { normalised } from "./text.js";
import { EOS, SOS, PAD, UNK, vocabularyOf } from "./vocabulary.js";

const ALTERNATIVES = 10;

export class Translator {
  constructor(described, weights) {
    this.settings = described.settings;
    this.normalisation = described.normalisation;
    this.decoding = described.decoding;
    this.longestSource = described.longest_source; // tokens, with <EOS>
    this.source = vocabularyOf(described.source);
    this.target = vocabularyOf(described.target);
    this.network = seq2seqOf(weights, described.settings);
  }

  /** A raw text as the network reads it. */
  read(text) {
    const sentence = normalised(text, this.normalisation);
    const all = this.source.encode(sentence);
    const ids = all.slice(0, this.longestSource - 1);
    const tokens = this.source.tokens(sentence).slice(0, ids.length);
    const unknown = ids.map((id) => id === UNK);
    const own = new Map(); // the words of the source that the target vocabulary lacks
    const copies = !this.settings.copying
      ? null
      : tokens.map((token) => {
          const id = this.target.idOf(token);
          if (id !== UNK) return id;
          if (!own.has(token)) own.set(token, this.target.size + own.size);
          return own.get(token);
        });
    return {
      sentence,
      tokens: [...tokens, "<EOS>"],
      unknown: [...unknown, false],
      unread: all.length - tokens.length,
      ids: [...ids, EOS],
      copies: copies && [...copies, EOS],
      extension: [...own.keys()],
    };
  }

  /**
   * Outputs for a raw text, best first; none for an empty one.
   *
   * @param beam hypotheses of beam search; 1: greedy search
   * @param forced ids of the first words
   */
  outputs(text, { beam = this.decoding.beam, count = 1, forced = [] } = {}) {
    const source = this.read(text);
    if (!source.sentence) return { source, outputs: [] };
    const decoding = { ...this.decoding, beam };
    const found =
      beam === 1
        ? [greedy(this.network, source, decoding, forced)]
        : beamSearch(this.network, source, decoding, Math.min(count, beam), forced);
    return { source, outputs: found.map((output) => this.described(output, source)) };
  }

  /** An output as it is shown; weights are (output tokens, source tokens). */
  described({ steps, ended, score }, source) {
    const words = ended ? steps.slice(0, -1) : steps;
    const ids = words.map(({ word }) => word);
    const tokens = words.map(({ word, weights }) => this.written(word, weights, source));
    const replaced = tokens.some((token, i) => token !== this.token(ids[i], source));
    const isOwn = !replaced && ids.every((id) => id < this.target.size);
    return {
      text: isOwn ? this.target.decode(ids) : this.target.joined(tokens),
      tokens: ended ? [...tokens, "<EOS>"] : tokens,
      ids: steps.map(({ word }) => word),
      ended,
      score,
      probabilities: steps.map(({ word, logProbabilities }) => Math.exp(logProbabilities[word])),
      weights: steps.map(({ weights }) => Array.from(weights)),
      copying: steps.map(({ copying }) => copying ?? null),
      alternatives: steps.map(({ logProbabilities }) => this.alternatives(logProbabilities, source)),
    };
  }

  alternatives(logProbabilities, source) {
    return largest(logProbabilities, ALTERNATIVES + 2)
      .filter((id) => id !== PAD && id !== SOS)
      .slice(0, ALTERNATIVES)
      .map((id) => ({
        id,
        token: this.token(id, source),
        probability: Math.exp(logProbabilities[id]),
      }));
  }

  token(id, source) {
    return id < this.target.size
      ? this.target.token(id)
      : source.extension[id - this.target.size];
  }

  /** A word of the output; an unknown one may be replaced by the source word it looks at most. */
  written(id, weights, source) {
    if (id !== UNK || !this.decoding.replace_unknown || source.tokens.length === 1) {
      return this.token(id, source);
    }
    const [most] = largest(weights.subarray(0, source.tokens.length - 1), 1);
    return source.tokens[most];
  }
}
