// Attention of the GRU decoder; the formulas are explained in nlpflow.models.attention.
//
// An attention has `memory(values)`, what stays the same at every step, and `look(embedded, hidden,
// memory)`, which gives {context, weights}. `values` are the encoder's outputs, one vector per token.

import { affine, dot, mixture, sigmoid, softmax } from "./tensors.js";

const NAME = "attention";

function attended(scores, values) {
  const weights = softmax(scores);
  return { context: mixture(weights, values, values[0].length), weights };
}

function none() {
  return {
    memory: (values) => values.length,
    look: (embedded, hidden, count) => ({
      context: new Float64Array(0),
      weights: new Float64Array(count),
    }),
  };
}

/** The tutorial's: scores of positions from the word and the state alone. */
function tutorial(part) {
  const [fromEmbedding, fromHidden] = [part("from_embedding"), part("from_hidden")];
  return {
    memory: (values) => ({ read: values.slice(0, fromHidden.weight.shape[0]), all: values.length }),
    look(embedded, hidden, { read, all }) {
      const other = affine(fromHidden, hidden);
      const scores = affine(fromEmbedding, embedded).map((score, i) => score + other[i]);
      const { context, weights } = attended(scores.slice(0, read.length), read);
      const padded = new Float64Array(all); // nothing beyond the longest training sentence
      padded.set(weights);
      return { context, weights: padded };
    },
  };
}

/** Bahdanau et al. 2015, A.1.2. */
function additive(part) {
  const [fromValue, fromHidden] = [part("from_value"), part("from_hidden")];
  const score = part("score").weight.data;
  return {
    memory: (values) => ({ values, keys: values.map((value) => affine(fromValue, value)) }),
    look(embedded, hidden, { values, keys }) {
      const asked = affine(fromHidden, hidden);
      const energy = (key) => dot(score, key.map((k, i) => Math.tanh(asked[i] + k)));
      return attended(Float64Array.from(keys, energy), values);
    },
  };
}

function dotProduct() {
  return {
    memory: (values) => values,
    look: (embedded, hidden, values) =>
      attended(Float64Array.from(values, (value) => dot(hidden, value)), values),
  };
}

/** Luong et al. 2015, section 3.1. */
function general(part) {
  const fromValue = part("from_value");
  return {
    memory: (values) => ({ values, keys: values.map((value) => affine(fromValue, value)) }),
    look: (embedded, hidden, { values, keys }) =>
      attended(Float64Array.from(keys, (key) => dot(hidden, key)), values),
  };
}

/** Luong et al. 2015, section 3.2: a window around a predicted position. */
function local(part, { window }) {
  const [fromHidden, position] = [part("from_hidden"), part("position")];
  const { memory } = general(part);
  return {
    memory,
    look(embedded, hidden, { values, keys }) {
      const [share] = affine(position, affine(fromHidden, hidden).map(Math.tanh));
      const centre = values.length * sigmoid(share);
      const scores = Float64Array.from(keys, (key, i) =>
        Math.abs(i - centre) <= window ? dot(hidden, key) : -Infinity,
      );
      const near = (weight, i) => weight * Math.exp(-((i - centre) ** 2) / (2 * (window / 2) ** 2));
      const weights = softmax(scores).map(near);
      return { context: mixture(weights, values, values[0].length), weights };
    },
  };
}

/** Vaswani et al. 2017, section 3.2.2. */
function multiHead(part, { heads }) {
  const [fromHidden, fromValue] = [part("from_hidden"), part("from_value")];
  return {
    memory(values) {
      const both = values.map((value) => affine(fromValue, value));
      const half = both[0].length / 2;
      return {
        keys: both.map((vector) => vector.subarray(0, half)),
        values: both.map((vector) => vector.subarray(half)),
      };
    },
    look: (embedded, hidden, { keys, values }) =>
      headsOf(affine(fromHidden, hidden), keys, values, heads),
  };
}

/** Scaled dot-product attention with several heads; the weights are their mean. */
export function headsOf(query, keys, values, heads) {
  const size = query.length / heads;
  const context = new Float64Array(query.length);
  const mean = new Float64Array(keys.length);
  for (let head = 0; head < heads; head++) {
    const of = (vector) => vector.subarray(head * size, (head + 1) * size);
    const scores = Float64Array.from(keys, (key) => dot(of(query), of(key)) / Math.sqrt(size));
    const weights = softmax(scores);
    context.set(mixture(weights, values.map(of), size), head * size);
    weights.forEach((weight, i) => (mean[i] += weight / heads));
  }
  return { context, weights: mean };
}

const ATTENTIONS = {
  none,
  tutorial,
  additive,
  dot: dotProduct,
  general,
  "local-p": local,
  "multi-head": multiHead,
};

/** The attention of a decoder, whose weights begin with `name`. */
export function attentionOf(weights, name, settings) {
  return ATTENTIONS[settings.attention]((part) => weights.linear(`${name}.${NAME}.${part}`), settings);
}
