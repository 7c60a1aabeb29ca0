// The Transformer of nlpflow.models.transformer (Vaswani et al. 2017), which normalises the input of
// each sub-layer.

import { headsOf } from "./attention.js";
import { affine, layerNorm, plus, relu, row } from "./tensors.js";

/** A word's embedding and its position (section 3.4 and 3.5). */
function placed(embeddings, id, position) {
  const width = embeddings.shape[1];
  return row(embeddings, id).map((value, i) => {
    const angle = position * Math.exp((i - (i % 2)) * (-Math.log(10000) / width));
    return value * Math.sqrt(width) + (i % 2 ? Math.cos(angle) : Math.sin(angle));
  });
}

/** A vector cut into equal parts. */
function chunks(vector, count) {
  const size = vector.length / count;
  return [...Array(count).keys()].map((i) => vector.subarray(i * size, (i + 1) * size));
}

export function transformer(weights, settings, decoder) {
  const { heads, layers } = settings;
  const sourceWords = weights.get("encoder.inputs.words.weight");
  const targetWords = weights.get(`${decoder}.inputs.words.weight`);
  const output = weights.linear(`${decoder}.output`);
  const numbers = [...Array(layers).keys()];

  function encoderLayer(number, inputs) {
    const name = `encoder.layers.layers.${number}`;
    const own = {
      weight: weights.get(`${name}.self_attn.in_proj_weight`),
      bias: weights.get(`${name}.self_attn.in_proj_bias`).data,
    };
    const parts = inputs.map((x) => chunks(affine(own, layerNorm(weights, `${name}.norm1`, x)), 3));
    const keys = parts.map(([, key]) => key);
    const values = parts.map(([, , value]) => value);
    return inputs.map((x, i) => {
      const { context } = headsOf(parts[i][0], keys, values, heads);
      const attended = plus(x, affine(weights.linear(`${name}.self_attn.out_proj`), context));
      const normed = layerNorm(weights, `${name}.norm2`, attended);
      const hidden = affine(weights.linear(`${name}.linear1`), normed).map(relu);
      return plus(attended, affine(weights.linear(`${name}.linear2`), hidden));
    });
  }

  function encode(ids) {
    let outputs = ids.map((id, position) => placed(sourceWords, id, position));
    for (const number of numbers) outputs = encoderLayer(number, outputs);
    outputs = outputs.map((x) => layerNorm(weights, "encoder.layers.norm", x));
    const memory = numbers.map((number) => {
      const source = weights.linear(`${decoder}.layers.${number}.source`);
      const both = outputs.map((x) => chunks(affine(source, x), 2));
      return { keys: both.map(([key]) => key), values: both.map(([, value]) => value) };
    });
    return { memory, state: numbers.map(() => ({ keys: [], values: [] })) };
  }

  /** Attention to this step and those before, to the source, and the feed-forward network. */
  function decoderLayer(number, x, past, source) {
    const name = `${decoder}.layers.${number}`;
    const layer = (part, vector) => affine(weights.linear(`${name}.${part}`), vector);
    const [query, key, value] = chunks(layer("own", layerNorm(weights, `${name}.norms.0`, x)), 3);
    const now = { keys: [...past.keys, key], values: [...past.values, value] };
    const itself = headsOf(query, now.keys, now.values, heads);
    let sum = plus(x, layer("own_output", itself.context));
    const asked = layer("query", layerNorm(weights, `${name}.norms.1`, sum));
    const looked = headsOf(asked, source.keys, source.values, heads);
    sum = plus(sum, layer("source_output", looked.context));
    const hidden = layer("feed_forward.0", layerNorm(weights, `${name}.norms.2`, sum)).map(relu);
    return { x: plus(sum, layer("feed_forward.3", hidden)), past: now, weights: looked.weights };
  }

  function step(word, state, memory) {
    let x = placed(targetWords, word, state[0].keys.length);
    let seen = null;
    const after = numbers.map((number) => {
      const done = decoderLayer(number, x, state[number], memory[number]);
      ({ x, weights: seen } = done);
      return done.past;
    });
    return { readout: layerNorm(weights, `${decoder}.norm`, x), weights: seen, state: after };
  }

  return { encode, step, scores: (readout) => affine(output, readout) };
}
