// Asks the daemon about each second, and goes on asking whatever happens: over an upgrade of the very process that answers,
// a restart, a laptop that slept.
import { parse } from "./metrics.js";

const interval = 1000;
const patience = 5000;
const retryAfter = [150, 300, 600, 1000, 2000];
const upgradesEvery = 10 * 1000;

/** No answer for so long is worth a word. */
const silence = 2500;

export class Source extends EventTarget {
  #token;
  #wake = () => {};
  #upgradesAt = -Infinity;
  #upgradesOf = "";
  #answeredAt = performance.now();
  #failures = 0;

  status = null;
  upgrades = [];

  /** The last scrape, or null where the daemon has no metrics, with the moment it was made at. */
  scrape = null;

  /** "connecting", "live", "reconnecting" or "locked": a token is needed. */
  state = "connecting";

  constructor(token) {
    super();
    this.#token = token;
    token.addEventListener("change", () => this.wake());
  }

  /** Asks at once instead of at the next second. */
  wake() {
    this.#wake();
  }

  /** Gets a path with the token, if there is one. */
  fetch(path, { signal, headers } = {}) {
    return fetch(path, { cache: "no-store", redirect: "error", headers: { ...headers, ...this.#token.headers }, signal });
  }

  async run() {
    for (;;) {
      const begin = performance.now();
      const wait = await this.#ask();
      await this.#sleep(Math.max(0, wait - (performance.now() - begin)));
    }
  }

  async #ask() {
    try {
      const [status, metrics] = await Promise.all([this.#get("/status"), this.#get("/metrics", true)]);
      this.status = await status.json();
      this.scrape = metrics && { at: Date.now(), families: parse(await metrics.text()) };
      await this.#askUpgrades();
    } catch (error) {
      if (error instanceof Locked) return this.#become("locked", 3 * interval);
      const wait = retryAfter[Math.min(this.#failures++, retryAfter.length - 1)];
      if (this.state === "locked" || performance.now() - this.#answeredAt > silence) this.#become(this.status ? "reconnecting" : "connecting");
      return wait;
    }
    this.#failures = 0;
    this.#answeredAt = performance.now();
    return this.#become("live", interval);
  }

  // The list is long and changes with an upgrade only.
  async #askUpgrades() {
    const last = this.status.reports?.at(-1);
    const of = JSON.stringify([this.status.generation, this.status.pid, last]);
    if (of === this.#upgradesOf && performance.now() - this.#upgradesAt < upgradesEvery) return;
    const answer = await this.#get("/upgrades", true);
    this.upgrades = (answer ? await answer.json() : this.status).reports ?? [];
    this.#upgradesOf = of;
    this.#upgradesAt = performance.now();
  }

  async #get(path, mayMiss = false) {
    const answer = await this.fetch(path, { signal: AbortSignal.timeout(patience) });
    if (answer.status === 401) throw new Locked();
    if (mayMiss && answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }

  #become(state, wait) {
    this.state = state;
    this.dispatchEvent(new Event("update"));
    return wait;
  }

  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

class Locked extends Error {}
