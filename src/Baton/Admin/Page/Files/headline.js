// The top of the page: the state in a sentence, whether what is shown is live, and the figures of the moment.
import { byId, setText } from "./dom.js";
import { count, latency, rate, share } from "./format.js";
import { total } from "./metrics.js";
import { phasesInWords, stateInWords } from "./words.js";

const manyErrors = 0.01;

const links = {
  connecting: "connecting",
  live: "live",
  reconnecting: "reconnecting",
  locked: "token needed",
};

export class Headline {
  #version = null;
  #announced = null;

  showLink(state) {
    const link = byId("link");
    if (link.dataset.state !== state) link.dataset.state = state;
    setText(link.lastElementChild, links[state]);
  }

  showStatus(status, lives, now) {
    setText(byId("sentence"), stateInWords(status, lives, now));
    setText(byId("version"), status.version);
    setText(byId("pid"), String(status.pid));
    setText(byId("configuration"), status.configuration);
    setText(byId("listeners"), (status.listeners ?? []).join(", "));
    document.title = `Baton: generation ${status.generation}`;
    this.#announce(status);
    this.#offerReload(status);
  }

  /** @param scrape Null where the daemon has no metrics. */
  showFigures(scrape, routes) {
    const recent = routes.recent();
    setText(byId("rate"), rate(recent?.rate ?? null));
    setText(byId("median"), latency(recent?.median ?? null));
    setText(byId("high"), latency(recent?.high ?? null));
    setText(byId("errors"), share(recent ? (recent.errors ?? 0) : null));
    byId("errors").classList.toggle("bad", (recent?.errors ?? 0) >= manyErrors);
    const active = scrape && total(scrape.families, "http_server_active_requests");
    setText(byId("active"), active === null ? "–" : count(active));
    byId("no-metrics").hidden = scrape !== null;
  }

  // The first state is on the page already; what is told is what has changed.
  #announce(status) {
    const words = phasesInWords(status);
    if (this.#announced !== null && this.#announced !== words) setText(byId("announcer"), words);
    this.#announced = words;
  }

  // The files of the page come from the program that serves: those of another version may show more.
  #offerReload(status) {
    this.#version ??= status.version;
    byId("newer").hidden = this.#version === status.version;
    setText(byId("newer-version"), status.version);
  }
}
