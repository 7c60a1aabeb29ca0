// Greedy and beam search over a sequence-to-sequence network, from a beginning that may be forced.
// The rules are those of nlpflow.decoding.
//
// A path is a linked list of steps, newest first: {word, weights, copying, logProbabilities, before}.

import { argmax, largest, logSoftmax } from "./tensors.js";
import { EOS, SOS } from "./vocabulary.js";

/** One step after a hypothesis {word, state, path, score}. */
function extended(network, memory, { word, state, path }) {
  const decoded = network.step(word, state, memory);
  const logProbabilities = logSoftmax(decoded.scores);
  const { weights, copying } = decoded;
  return {
    state: decoded.state,
    logProbabilities,
    said: (next) => ({ word: next, weights, copying, logProbabilities, before: path }),
  };
}

/** The first hypothesis: <SOS>, then the forced words. */
function beginning(network, source, forced) {
  const { memory, state } = network.encode(source.ids, source.copies);
  let live = { word: SOS, state, path: null, score: 0, length: 0 };
  for (const word of forced) {
    const { state: after, logProbabilities, said } = extended(network, memory, live);
    const score = live.score + logProbabilities[word];
    live = { word, state: after, path: said(word), score, length: live.length + 1 };
  }
  return { memory, live };
}

/** The steps of a path, first word first. */
function steps(path) {
  const found = [];
  for (let step = path; step; step = step.before) found.push(step);
  return found.reverse();
}

/** (Wu et al. 2016, equation 14) */
const lengthPenalty = (length, alpha) => ((5 + length) / 6) ** alpha;

/**
 * The best word at every step.
 *
 * @param source {ids, copies}: ids of the tokens with <EOS>, and for copying in the extended vocabulary
 * @param forced the first words of the output; nothing follows an <EOS>
 * @returns {steps, ended, score}: the last step is <EOS> if `ended`
 */
export function greedy(network, source, { max_tokens }, forced = []) {
  const { memory, live } = beginning(network, source, forced);
  if (live.word === EOS) return { steps: steps(live.path), ended: true, score: live.score };
  let hypothesis = live;
  while (hypothesis.length <= max_tokens) {
    const { state, logProbabilities, said } = extended(network, memory, hypothesis);
    const word = argmax(logProbabilities);
    const score = hypothesis.score + logProbabilities[word];
    if (word === EOS) return { steps: steps(said(word)), ended: true, score };
    if (hypothesis.length === max_tokens) break;
    hypothesis = { word, state, path: said(word), score, length: hypothesis.length + 1 };
  }
  return { steps: steps(hypothesis.path), ended: false, score: hypothesis.score };
}

/**
 * The best outputs, best first.
 *
 * @param decoding {max_tokens, beam, length_penalty}
 * @returns [{steps, ended, score}], as `greedy`; the score is divided by the length penalty
 */
export function beamSearch(network, source, decoding, count = 1, forced = []) {
  const { max_tokens, beam, length_penalty: alpha } = decoding;
  const start = beginning(network, source, forced);
  if (start.live.word === EOS) {
    const score = start.live.score / lengthPenalty(forced.length, alpha);
    return [{ steps: steps(start.live.path), ended: true, score }];
  }
  let live = [start.live];
  const ended = [];
  const best = () => ended.map(({ score }) => score).sort((a, b) => b - a)[count - 1] ?? -Infinity;
  for (let length = forced.length; ; length++) {
    const penalty = lengthPenalty(length + 1, alpha);
    const reached = live.map((hypothesis) => extended(network, start.memory, hypothesis));
    if (length >= max_tokens) {
      reached.forEach(({ logProbabilities, said }, i) => {
        const score = (live[i].score + logProbabilities[EOS]) / penalty;
        const isEnd = argmax(logProbabilities) === EOS;
        ended.push({ score, path: isEnd ? said(EOS) : live[i].path, ended: isEnd });
      });
      break;
    }
    const candidates = reached.flatMap(({ state, logProbabilities, said }, i) =>
      largest(logProbabilities, Math.min(beam + 1, logProbabilities.length)).map((word) => {
        const score = live[i].score + logProbabilities[word];
        return { word, state, score, said, length: length + 1 };
      }),
    );
    candidates.sort((a, b) => b.score - a.score);
    const closing = candidates.slice(0, beam).filter(({ word }) => word === EOS);
    for (const { score, said } of closing) {
      ended.push({ score: score / penalty, path: said(EOS), ended: true });
    }
    live = candidates
      .filter(({ word }) => word !== EOS)
      .slice(0, beam)
      .map(({ said, ...rest }) => ({ ...rest, path: said(rest.word) }));
    if (!live.length) break;
    // More words only lower the log-probability, and the longest output has the largest penalty.
    const bound = live[0].score / (ended.length < beam ? lengthPenalty(max_tokens + 1, alpha) : penalty);
    if (best() >= bound) break;
  }
  ended.sort((a, b) => b.score - a.score);
  return ended.slice(0, count).map(({ path, ...rest }) => ({ ...rest, steps: steps(path) }));
}
