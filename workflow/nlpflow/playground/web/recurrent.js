// GRU (Cho et al. 2014) and LSTM (Hochreiter & Schmidhuber 1997) over one sequence of vectors.

import { affine, concatenated, sigmoid } from "./tensors.js";

/** The two layers of a cell: of its input and of its state. `suffix` is "_l0" for torch's layers. */
function cellLayers(weights, name, suffix) {
  const [input, state] = ["ih", "hh"].map((part) => ({
    weight: weights.get(`${name}.weight_${part}${suffix}`),
    bias: weights.get(`${name}.bias_${part}${suffix}`).data,
  }));
  return { input, state };
}

/** A GRU cell: (input, state) -> state. */
export function gruCell(weights, name, suffix = "") {
  const layers = cellLayers(weights, name, suffix);
  return (x, state) => {
    const size = state.length;
    const fromInput = affine(layers.input, x); // reset, update and new gate
    const fromState = affine(layers.state, state);
    return state.map((old, i) => {
      const reset = sigmoid(fromInput[i] + fromState[i]);
      const update = sigmoid(fromInput[size + i] + fromState[size + i]);
      const fresh = Math.tanh(fromInput[2 * size + i] + reset * fromState[2 * size + i]);
      return (1 - update) * fresh + update * old;
    });
  };
}

/** An LSTM cell: (input, {state, memory}) -> {state, memory}. */
export function lstmCell(weights, name, suffix = "_l0") {
  const layers = cellLayers(weights, name, suffix);
  return (x, { state, memory }) => {
    const size = state.length;
    const fromState = affine(layers.state, state);
    const gates = affine(layers.input, x).map((value, i) => value + fromState[i]);
    const kept = memory.map((old, i) => {
      const written = sigmoid(gates[i]) * Math.tanh(gates[2 * size + i]);
      return sigmoid(gates[size + i]) * old + written;
    });
    const seen = kept.map((value, i) => sigmoid(gates[3 * size + i]) * Math.tanh(value));
    return { state: seen, memory: kept };
  };
}

export function lstmStart(weights, name, suffix = "_l0") {
  const size = weights.get(`${name}.weight_hh${suffix}`).shape[1];
  return { state: new Float64Array(size), memory: new Float64Array(size) };
}

/** All states of a cell over a sequence, in its order. */
export function run(cell, inputs, start) {
  const states = [];
  let state = start;
  for (const input of inputs) states.push((state = cell(input, state)));
  return states;
}

/** The same, but the sequence is read from its end. */
export function runBackwards(cell, inputs, start) {
  return run(cell, [...inputs].reverse(), start).reverse();
}

/**
 * LSTM layers in one or both directions, named as in nlpflow.models.recurrent.MaskedLSTM.
 *
 * @returns the vector of each token, and the final state of the last layer
 */
export function lstmLayers(weights, name, inputs) {
  let outputs = inputs;
  let last = null;
  for (let layer = 0; weights.has(`${name}.forwards.${layer}.weight_ih_l0`); layer++) {
    const forwards = direction(weights, `${name}.forwards.${layer}`, outputs, run);
    if (!weights.has(`${name}.backwards.${layer}.weight_ih_l0`)) {
      outputs = forwards;
      last = forwards.at(-1);
      continue;
    }
    const backwards = direction(weights, `${name}.backwards.${layer}`, outputs, runBackwards);
    outputs = forwards.map((state, i) => concatenated(state, backwards[i]));
    last = concatenated(forwards.at(-1), backwards[0]);
  }
  return { outputs, last };
}

function direction(weights, name, inputs, read) {
  const states = read(lstmCell(weights, name), inputs, lstmStart(weights, name));
  return states.map(({ state }) => state);
}
