// Tags and entities: word, character and affix embeddings, an LSTM, and a softmax or a CRF.

import { crfScores, kBest, logPartition, marginals } from "./crf.js";
import { lstmLayers } from "./recurrent.js";
import { affine, argmax, concatenated, row, softmax } from "./tensors.js";
import { SPECIALS, UNK } from "./vocabulary.js";
import { normalisedWords, splitWords, wordAffixes, wordShape } from "./text.js";

export const MOST_TRIED = 64; // see nlpflow.api.labelling
const MOST_WORDS = 300; // of a text that are read; a page should answer while one types
const MOST_RANKED = 60; // words of a text for which several sequences are searched

const idsOf = (names) => new Map(names.map((name, index) => [name, index + SPECIALS.length]));

export class Tagger {
  constructor(described, weights) {
    const { vocabulary } = described;
    this.weights = weights;
    this.normalisation = described.normalisation;
    this.scheme = described.scheme;
    this.longestWord = described.longest_word; // characters; of longer words the two ends are read
    this.hasCrf = described.settings.output === "crf";
    this.tags = vocabulary.tags;
    this.vocabulary = vocabulary;
    this.words = idsOf(vocabulary.words);
    this.letters = idsOf(vocabulary.letters);
    this.affixes = idsOf(vocabulary.affixes);
    this.scores = crfScores(weights, this.tags.length, described.forbidden);
  }

  /** The vector of a word that the LSTM reads. */
  features(word) {
    const { lower_case, longest_affix, shapes } = this.vocabulary;
    const { weights } = this;
    const id = this.words.get(lower_case ? word.toLowerCase() : word) ?? UNK;
    const parts = [row(weights.get("tagger.embedding.weight"), id)];
    if (weights.has("tagger.characters.embedding.weight")) {
      const letters = Array.from(word);
      const half = Math.floor(this.longestWord / 2);
      const isShort = letters.length <= this.longestWord;
      const read = isShort ? letters : [...letters.slice(0, half), ...letters.slice(-half)];
      const table = weights.get("tagger.characters.embedding.weight");
      const vectors = read.map((letter) => row(table, this.letters.get(letter) ?? UNK));
      parts.push(lstmLayers(weights, "tagger.characters.lstm", vectors).last);
    }
    if (weights.has("tagger.affixes.embedding.weight")) {
      const names = wordAffixes(word, longest_affix);
      if (shapes) names.push(`shape:${wordShape(word)}`);
      const table = weights.get("tagger.affixes.embedding.weight");
      parts.push(...names.map((name) => row(table, this.affixes.get(name) ?? UNK)));
    }
    return concatenated(...parts);
  }

  isKnown(word) {
    return this.words.has(this.vocabulary.lower_case ? word.toLowerCase() : word);
  }

  emissions(words) {
    const inputs = words.map((word) => this.features(word));
    const { outputs } = lstmLayers(this.weights, "tagger.lstm", inputs);
    return outputs.map((output) => affine(this.weights.linear("tagger.emissions"), output));
  }

  /**
   * The tags of a sentence, words between spaces.
   *
   * @param count how many tag sequences, best first
   * @returns {words, unread, known, best, ranked, marginals, shares, path}: `unread` counts the
   *     words beyond the limit; `best` and the tags in `ranked` are as they are shown; `marginals`
   *     (words, tags) are by the model's own tags, `shares` the probabilities of what is shown;
   *     `path` has the scores along the best sequence
   */
  tag(text, { count = 5 } = {}) {
    const all = splitWords(text);
    const words = all.slice(0, MOST_WORDS);
    if (!words.length) return { words, unread: 0 };
    const read = normalisedWords(words, this.normalisation);
    const emissions = this.emissions(read);
    const own = this.hasCrf ? kBest(emissions, this.scores, 1)[0].tags : emissions.map(argmax);
    const tables = this.hasCrf ? marginals(emissions, this.scores) : emissions.map(softmax);
    return {
      words,
      unread: all.length - words.length,
      known: read.map((word) => this.isKnown(word)),
      best: this.shown(own),
      ranked: words.length > MOST_RANKED ? [] : this.ranked(emissions, count),
      marginals: tables.map((table) => Array.from(table)),
      shares: this.shares(tables, own),
      path: this.path(emissions, own),
    };
  }

  /** The probability of each tag that is shown; a word of an invalid sequence is shown as O. */
  shares(tables, own) {
    const shown = this.shown(own);
    return tables.map((table, word) => {
      const tag = this.scheme && shown[word] === "O" ? this.tags.indexOf("O") : own[word];
      return table[tag] ?? 0;
    });
  }

  /** Emission and transition into each word of a sequence, and the stop after the last. */
  path(emissions, tags) {
    const { start, transitions, stop } = this.scores;
    const scored = tags.map((tag, word) => ({
      tag: this.tags[tag],
      emission: emissions[word][tag],
      transition: word ? transitions[tags[word - 1]][tag] : start[tag],
    }));
    return [...scored, { tag: null, emission: 0, transition: stop[tags.at(-1)] }];
  }

  /** The most probable sequences that are shown differently, with their log-probabilities. */
  ranked(emissions, count) {
    const total = logPartition(emissions, this.scores);
    for (let tried = count; ; tried *= 4) {
      const sequences = kBest(emissions, this.scores, tried);
      const found = new Map();
      for (const { tags, score } of sequences) {
        const shown = this.shown(tags);
        const key = shown.join(" ");
        if (!found.has(key)) found.set(key, { tags: shown, logProbability: score - total });
      }
      if (found.size >= count || sequences.length < tried || tried * 4 > MOST_TRIED * count) {
        return [...found.values()].slice(0, count);
      }
    }
  }

  /** Tags as they are shown: entities in IOB2, invalid sequences outside. */
  shown(numbers) {
    const tags = numbers.map((number) => this.tags[number]);
    return this.scheme ? inIob2(tags, this.scheme) : tags;
  }
}

/** The entities of valid sequences in IOB2; see nlpflow.text.tag_schemes. */
export function inIob2(tags, scheme) {
  const parts = tags.map((tag) => [tag[0], tag.slice(2)]);
  const is = (at, prefix, type) => parts[at]?.[0] === prefix && parts[at][1] === type;
  const result = tags.map(() => "O");
  for (let start = 0; start < parts.length; ) {
    const [prefix, type] = parts[start];
    let end = start + 1;
    let ended = prefix === "S";
    if (prefix === "B" || prefix === "I") {
      while (is(end, "I", type)) end++;
      ended = is(end, "E", type);
      if (ended) end++;
    }
    if ((prefix === "B" || prefix === "S") && (ended || scheme === "IOB2")) {
      for (let at = start; at < end; at++) result[at] = `${at === start ? "B" : "I"}-${type}`;
    }
    start = end;
  }
  return result;
}
