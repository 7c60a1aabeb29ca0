// Linear-chain CRF of one sentence (Lafferty et al. 2001): the best sequences and the marginals.
//
// `emissions` are vectors (tags), one per word; `scores` are {start, transitions, stop}, where
// transitions[from][to] and all others are -Infinity if the tag scheme forbids them.

import { largest, logSumExp } from "./tensors.js";

/** The scores of a CRF from its weights and what its tag scheme forbids; all 0 without a CRF. */
export function crfScores(weights, tags, forbidden) {
  const numbers = [...Array(tags).keys()];
  if (!weights.has("crf.start")) {
    const zeros = numbers.map(() => 0);
    return { start: zeros, transitions: numbers.map(() => zeros), stop: zeros };
  }
  const [start, transitions, stop] = ["start", "transitions", "stop"].map((name) =>
    weights.get(`crf.${name}`).data,
  );
  const unless = (isForbidden, score) => (isForbidden ? -Infinity : score);
  return {
    start: numbers.map((tag) => unless(forbidden?.start[tag], start[tag])),
    transitions: numbers.map((from) =>
      numbers.map((to) => unless(forbidden?.transitions[from][to], transitions[from * tags + to])),
    ),
    stop: numbers.map((tag) => unless(forbidden?.stop[tag], stop[tag])),
  };
}

/** Forward sums: of each tag at each word, the log of the summed exp(score) up to it. */
function forwards(emissions, { start, transitions }) {
  const sums = [];
  for (const word of emissions) {
    const before = sums.at(-1);
    sums.push(
      word.map((emission, to) =>
        before
          ? emission + logSumExp(before.map((sum, from) => sum + transitions[from][to]))
          : emission + start[to],
      ),
    );
  }
  return sums;
}

/** Backward sums: of each tag at each word, the log of the summed exp(score) after it. */
function backwards(emissions, { transitions, stop }) {
  let after = Float64Array.from(stop);
  const sums = [after];
  for (const word of emissions.slice(1).reverse()) {
    const next = after;
    after = next.map((_, from) =>
      logSumExp(next.map((sum, to) => transitions[from][to] + word[to] + sum)),
    );
    sums.push(after);
  }
  return sums.reverse();
}

/** log Z. */
export function logPartition(emissions, scores) {
  const last = forwards(emissions, scores).at(-1);
  return logSumExp(last.map((sum, tag) => sum + scores.stop[tag]));
}

/** P(tag at word | sentence): vectors (tags), one per word. */
export function marginals(emissions, scores) {
  const [before, after] = [forwards(emissions, scores), backwards(emissions, scores)];
  return before.map((sums, word) => {
    const joint = sums.map((sum, tag) => sum + after[word][tag]);
    const total = logSumExp(joint);
    return joint.map((value) => Math.exp(value - total));
  });
}

/**
 * The k best tag sequences (Viterbi 1967, with k values per tag): [{tags, score}], best first; fewer
 * if there are not so many.
 */
export function kBest(emissions, { start, transitions, stop }, k) {
  let kept = start.map((score, tag) => [{ score: score + emissions[0][tag], tag, before: null }]);
  const best = (candidates) =>
    largest(candidates.map(({ score }) => score), k)
      .map((i) => candidates[i])
      .filter(({ score }) => score > -Infinity);
  for (const word of emissions.slice(1)) {
    kept = Array.from(word, (emission, to) =>
      best(
        kept.flatMap((ranked, from) =>
          ranked.map((before) => ({
            score: before.score + transitions[from][to] + emission,
            tag: to,
            before,
          })),
        ),
      ),
    );
  }
  const whole = kept.flatMap((ranked, tag) =>
    ranked.map((path) => ({ score: path.score + stop[tag], path })),
  );
  return best(whole).map(({ score, path }) => {
    const tags = [];
    for (let step = path; step; step = step.before) tags.push(step.tag);
    return { tags: tags.reverse(), score };
  });
}
