// The worker that runs the models, so that typing never waits for them.
//
// A message {id, model, described, verb, asked} is answered by {id, result} or {id, error}. `described`
// is sent with the first question to a model.

import { loadModel } from "./models.js";

const loaded = new Map(); // models, or why they cannot be loaded

function load(described) {
  try {
    return loadModel(described);
  } catch (error) {
    return new Error(`this model cannot be loaded: ${error.message}`);
  }
}

self.onmessage = ({ data: { id, model, described, verb, asked } }) => {
  try {
    if (described) loaded.set(model, load(described));
    const found = loaded.get(model);
    if (found instanceof Error) throw found;
    self.postMessage({ id, result: found[verb](...asked) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
};
