// Sequence-to-sequence networks: an encoder of the source, and a decoder with one step per word.
//
// `encode(ids)` gives {memory, state}: what a decoder reads at every step, and its state before the
// first. `step(word, state, memory)` gives {scores, weights, state, copying}: log-probabilities or
// logits of the next word, attention weights (source tokens), and the probability of copying.

import { attentionOf } from "./attention.js";
import { gruCell, run, runBackwards } from "./recurrent.js";
import { affine, concatenated, logSoftmax, plus, relu, row, sigmoid } from "./tensors.js";
import { transformer } from "./transformer.js";
import { UNK } from "./vocabulary.js";

/** GRU encoder and decoder of nlpflow.models.seq2seq. */
function gru(weights, settings, decoder) {
  const embeddings = weights.get("encoder.embedding.weight");
  const attention = attentionOf(weights, decoder, settings);
  const words = weights.get(`${decoder}.embedding.weight`);
  const cells = [...Array(settings.layers).keys()].map((layer) =>
    gruCell(weights, `${decoder}.cells.${layer}`),
  );
  const linear = (name) => weights.linear(`${decoder}.${name}`);
  const combine = settings.attention === "none" ? null : [linear("combine_embedding"), linear("combine_context")];
  const deep = settings.readout === "deep" ? linear("deep") : null;
  const output = linear("output");

  function encode(ids) {
    let outputs = ids.map((id) => row(embeddings, id));
    const finals = [];
    for (let layer = 0; layer < settings.layers; layer++) {
      const name = layer ? `encoder.upper.${layer - 1}` : "encoder.gru";
      const read = (reader, suffix) => {
        const start = new Float64Array(settings.hidden);
        return reader(gruCell(weights, name, `_l0${suffix}`), outputs, start);
      };
      const forwards = read(run, "");
      let above = forwards;
      if (settings.bidirectional) {
        const backwards = read(runBackwards, "_reverse");
        above = forwards.map((state, i) => concatenated(state, backwards[i]));
        const both = concatenated(forwards.at(-1), backwards[0]);
        finals.push(affine(weights.linear("encoder.bridge"), both).map(Math.tanh));
      } else finals.push(forwards.at(-1));
      outputs = layer && settings.residual ? above.map((x, i) => plus(x, outputs[i])) : above;
    }
    return { memory: attention.memory(outputs), state: finals };
  }

  function step(word, state, memory) {
    const embedded = row(words, word);
    const { context, weights: seen } = attention.look(embedded, state.at(-1), memory);
    let x = combine ? plus(affine(combine[0], embedded), affine(combine[1], context)) : embedded;
    x = x.map(relu);
    const after = cells.map((cell, layer) => {
      const top = cell(x, state[layer]);
      x = layer && settings.residual ? plus(top, x) : top;
      return top;
    });
    const readout = deep ? affine(deep, concatenated(x, context, embedded)).map(Math.tanh) : x;
    return { readout, weights: seen, state: after };
  }

  return { encode, step, scores: (readout) => affine(output, readout) };
}

const NETWORKS = { gru, transformer };

/** The network that a run's settings describe. */
export function seq2seqOf(weights, settings) {
  const decoder = settings.copying ? "decoder.below" : "decoder";
  const below = NETWORKS[settings.network](weights, settings, decoder);
  if (!settings.copying) {
    const step = (word, state, memory) => {
      const decoded = below.step(word, state, memory);
      return { ...decoded, scores: below.scores(decoded.readout) };
    };
    return { encode: below.encode, step };
  }
  return copying(weights, below);
}

/**
 * A pointer-generator head (See et al. 2017, equation 9). `encode` also takes the ids of the source
 * words in the extended vocabulary.
 */
function copying(weights, below) {
  const gate = weights.linear("decoder.gate");
  return {
    encode(ids, copies) {
      const { memory, state } = below.encode(ids);
      return { memory: { source: memory, copies }, state };
    },
    step(word, state, { source, copies }) {
      const generated = (id) => (id < size ? id : UNK);
      const size = weights.get("decoder.below.output.weight").shape[0];
      const decoded = below.step(generated(word), state, source);
      const own = logSoftmax(below.scores(decoded.readout));
      const generating = sigmoid(affine(gate, decoded.readout)[0]);
      const copied = new Float64Array(size + copies.length);
      copies.forEach((id, i) => (copied[id] += decoded.weights[i]));
      const scores = copied.map((share, id) =>
        Math.log((id < size ? generating * Math.exp(own[id]) : 0) + (1 - generating) * share),
      );
      return { ...decoded, scores, copying: 1 - generating };
    },
  };
}
