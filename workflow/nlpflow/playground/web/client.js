// Questions to the worker.

/** Starts the worker from its source; `read(model)` gives the description of a model. */
export class Client {
  constructor(source, read) {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.worker = new Worker(address);
    this.read = read;
    this.sent = new Set();
    this.waiting = new Map();
    this.count = 0;
    this.worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
  }

  /** The answer of a model's method. */
  ask(model, verb, ...asked) {
    const id = this.count++;
    const described = this.sent.has(model) ? null : this.read(model);
    this.sent.add(model);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, model, described, verb, asked });
    });
  }

  /**
   * A function that asks and shows the answer. While one question is being answered, only the
   * newest of the others waits; answers come in order, and none is shown after a newer one.
   */
  latest(question, show) {
    let isBusy = false;
    let isStale = false;
    const run = async () => {
      if (isBusy) {
        isStale = true;
        return;
      }
      isBusy = true;
      try {
        do {
          isStale = false;
          show(await question());
        } while (isStale);
      } finally {
        isBusy = false;
      }
    };
    return run;
  }
}
