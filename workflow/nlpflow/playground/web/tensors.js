// Weights of a network, and its operations on one vector at a time.
//
// A tensor is {shape, data}: a matrix (rows, columns) is stored row after row. A vector is a
// Float64Array. Weights are rounded to half precision; sums are computed in double precision.

const READERS = {
  f16: (bytes) => Float32Array.from(new Uint16Array(bytes), halfToFloat),
  i8: (bytes) => new Int8Array(bytes),
};
const BYTES = { f16: 2, i8: 1 };

/** The bytes of a base64 text. */
export function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The number that 16 bits of IEEE 754 half precision stand for. */
export function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The named tensors of a model. */
export class Weights {
  /**
   * @param tensors for each name {type, at, shape}, where `at` counts bytes
   * @param bytes of all tensors, one after the other
   */
  constructor(tensors, bytes) {
    this.tensors = tensors;
    this.bytes = bytes;
    this.read = new Map();
  }

  has(name) {
    return name in this.tensors;
  }

  /** A tensor by name; it is decoded on first use. */
  get(name) {
    if (!this.read.has(name)) {
      if (!this.has(name)) throw new Error(`the model has no weights ${name}`);
      const { type, at, shape } = this.tensors[name];
      const count = shape.reduce((product, size) => product * size, 1);
      const own = this.bytes.slice(at, at + count * BYTES[type]).buffer;
      this.read.set(name, { shape, data: READERS[type](own) });
    }
    return this.read.get(name);
  }

  /** A linear layer: the matrix `name.weight` (out, in), and `name.bias` (out) if there is one. */
  linear(name) {
    const bias = this.has(`${name}.bias`) ? this.get(`${name}.bias`).data : null;
    return { weight: this.get(`${name}.weight`), bias };
  }
}

/** A row of a matrix, as a vector. */
export function row({ shape, data }, index) {
  return Float64Array.from(data.subarray(index * shape[1], (index + 1) * shape[1]));
}

/** W x + b: a layer (out, in) and a vector (in) -> (out). */
export function affine({ weight, bias }, x) {
  const [rows, columns] = weight.shape;
  if (x.length !== columns) throw new Error(`${x.length} numbers for a layer of ${columns}`);
  const { data } = weight;
  const result = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = bias ? bias[i] : 0;
    for (let j = 0; j < columns; j++) sum += data[at++] * x[j];
    result[i] = sum;
  }
  return result;
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The elementwise sum of vectors. */
export function plus(first, ...others) {
  return first.map((value, i) => others.reduce((sum, other) => sum + other[i], value));
}

/** One vector after the other. */
export function concatenated(...vectors) {
  const result = new Float64Array(vectors.reduce((sum, vector) => sum + vector.length, 0));
  let at = 0;
  for (const vector of vectors) {
    result.set(vector, at);
    at += vector.length;
  }
  return result;
}

/** The sum of vectors times weights; `size` numbers. */
export function mixture(weights, vectors, size) {
  const result = new Float64Array(size);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < size; i++) result[i] += weights[k] * vector[i];
  });
  return result;
}

export const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const relu = (x) => Math.max(0, x);

/** log(sum of exp): -Infinity if all values are. */
export function logSumExp(values) {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  if (most === -Infinity) return most;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

export function logSoftmax(scores) {
  const total = logSumExp(scores);
  return scores.map((score) => score - total);
}

export function softmax(scores) {
  return logSoftmax(scores).map(Math.exp);
}

/** Layer normalisation (Ba et al. 2016) with the weights `name.weight` and `name.bias`. */
export function layerNorm(weights, name, x) {
  const { data: scale } = weights.get(`${name}.weight`);
  const { data: shift } = weights.get(`${name}.bias`);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[i] + shift[i]);
}

/** The index of the largest value, the first of equal ones. */
export function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** The indices of the `count` largest values, largest first. */
export function largest(values, count) {
  const found = []; // sorted; insertion is fast for a few out of thousands
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && !(values[i] > values[found[count - 1]])) continue;
    let at = found.length;
    while (at > 0 && values[i] > values[found[at - 1]]) at--;
    found.splice(at, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}
