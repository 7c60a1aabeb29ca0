// Questions to the worker.

const PATIENCE = 300; // milliseconds after which the reader sees that something is being computed

export class Client {
  /**
   * @param source code of the worker
   * @param read gives the description of a model
   */
  constructor(source, read) {
    this.address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.read = read;
    this.count = 0;
    this.start();
  }

  start() {
    this.worker = new Worker(this.address);
    this.sent = new Set();
    this.waiting = new Map();
    this.worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    const fail = (event) => {
      for (const { reject } of this.waiting.values()) {
        reject(new Error(`the browser cannot run the models: ${event.message ?? event.type}`));
      }
      this.waiting.clear();
    };
    this.worker.onerror = fail;
    this.worker.onmessageerror = fail;
  }

  /** Drop all questions that are not answered yet; they never are. */
  drop() {
    if (!this.waiting.size) return;
    this.worker.terminate();
    this.start();
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
   * A function that asks and shows the answer in `output`. While one question is being answered,
   * only the newest of the others waits; answers come in order, none after a newer one.
   */
  latest(output, question, show) {
    let isBusy = false;
    let isStale = false;
    return async () => {
      if (isBusy) {
        isStale = true;
        return;
      }
      isBusy = true;
      const patience = setTimeout(() => output.setAttribute("aria-busy", "true"), PATIENCE);
      try {
        do {
          isStale = false;
          show(await question());
        } while (isStale);
      } catch (error) {
        output.textContent = `This failed: ${error.message}`;
      } finally {
        isBusy = false;
        clearTimeout(patience);
        output.removeAttribute("aria-busy");
      }
    };
  }
}
