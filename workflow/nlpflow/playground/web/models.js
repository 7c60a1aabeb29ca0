// A model of the page: its description and weights become an object with the verbs of its task.

import { Identifier } from "./identifier.js";
import { fromBase64, Weights } from "./tensors.js";
import { Tagger } from "./tagger.js";
import { Translator } from "./translator.js";
import { LanguageModel, WordVectors } from "./words.js";

class Embeddings {
  constructor(described, weights) {
    this.vectors = new WordVectors(described, weights);
    this.model = ["ngram", "lstm"].includes(described.settings.kind)
      ? new LanguageModel(described, weights)
      : null;
  }

  neighbours(...asked) {
    return this.vectors.neighbours(...asked);
  }

  unknown(...asked) {
    return this.vectors.unknown(...asked);
  }

  analogy(...asked) {
    return this.vectors.analogy(...asked);
  }

  next(...asked) {
    return this.model.next(...asked);
  }
}

const KINDS = {
  seq2seq: Translator,
  labelling: Tagger,
  language_id: Identifier,
  embeddings: Embeddings,
};

/** The model that `nlpflow.playground.describe` described. */
export function loadModel(described) {
  const weights = new Weights(described.tensors, fromBase64(described.weights));
  return new KINDS[described.kind](described, weights);
}
