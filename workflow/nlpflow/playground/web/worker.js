// The worker that runs the models, so that typing never waits for them.
//
// A message {id, model, described, verb, asked} is answered by {id, result} or {id, error}. `described`
// is sent with the first question to a model.

import { loadModel } from "./models.js";

const loaded = new Map();

self.onmessage = ({ data: { id, model, described, verb, asked } }) => {
  try {
    if (described) loaded.set(model, loadModel(described));
    self.postMessage({ id, result: loaded.get(model)[verb](...asked) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
};
