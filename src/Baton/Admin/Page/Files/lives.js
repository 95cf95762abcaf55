// When each generation prepared, served and drained, pieced together from the reports of upgrades, from what the living say,
// and from what was seen here since the page was opened.
import { timeSpan } from "./format.js";

const leaving = ["Probation", "Draining", "Stopping", "Exiting"];

/** The moments of an upgrade's report, in milliseconds; null for one of a build that did not say when. */
export function momentsOf(report) {
  const ended = Date.parse(report.endedAt ?? "");
  if (Number.isNaN(ended)) return null;
  const launched = ended - (timeSpan(report.duration) ?? 0) * 1000;
  const ready = timeSpan(report.readyAfter);
  return { launched, ended, taken: ready === null || report.outcome === "Failed" ? null : launched + ready * 1000 };
}

export class Lives {
  #seen = new Map();

  /**
   * Oldest first: { number, version, prepared, served, left, gone, phase, isNow }, null where it did not come to that or is not
   * known. A generation whose upgrade was rolled back has the time in between as `away`.
   */
  lives = [];

  /** Each takeover: { at, from, to, outcome }. */
  handovers = [];

  /** Upgrades that never took over: { at, from, to }. */
  failures = [];

  update(status, reports, now) {
    const lives = new Map();
    const of = (number) => {
      if (!lives.has(number)) lives.set(number, { number, version: null, prepared: null, served: null, left: null, gone: null, away: null, phase: null, isNow: false });
      return lives.get(number);
    };
    this.handovers = [];
    this.failures = [];
    for (const report of reports) this.#addReport(report, of);
    const living = status.generations ?? [];
    for (const generation of living) this.#addLiving(generation, of(generation.number), living, now);
    this.lives = [...lives.values()].sort((one, other) => one.number - other.number);
    this.handovers.sort((one, other) => one.at - other.at);
  }

  #addReport(report, of) {
    const at = momentsOf(report);
    if (!at) return;
    if (at.taken === null) {
      this.failures.push({ at: at.ended, from: report.from, to: report.to });
      return;
    }
    const [from, to] = [of(report.from), of(report.to)];
    this.handovers.push({ at: at.taken, from: report.from, to: report.to, outcome: report.outcome });
    Object.assign(to, { prepared: at.launched, served: at.taken, version: report.toVersion ?? null });
    from.version ??= report.fromVersion;
    if (report.outcome === "RolledBack") {
      to.gone = at.ended;
      from.away = [at.taken, at.ended];
    } else {
      from.left = at.taken;
      from.gone = at.ended;
    }
  }

  // What a report does not tell yet is as old as the first sight of it.
  #addLiving(generation, life, living, now) {
    const since = this.#firstSeen(generation, now);
    const started = Date.parse(generation.startedAt ?? "");
    life.version = generation.version;
    life.phase = generation.phase;
    life.isNow = true;
    life.gone = null;
    if (!Number.isNaN(started)) life.prepared ??= started;
    life.prepared ??= since("Preparing");
    if (generation.phase === "Preparing") return;
    life.served ??= generation.number === 1 ? life.prepared : (since.first ?? life.prepared);
    if (!leaving.includes(generation.phase)) return;
    life.left ??= since.left;
    const successor = Math.min(...living.map((one) => one.number).filter((number) => number > generation.number));
    if (successor !== Infinity) this.handovers.push({ at: life.left, from: generation.number, to: successor, outcome: null });
  }

  #firstSeen(generation, now) {
    const key = `${generation.number} ${generation.pid}`;
    if (!this.#seen.has(key)) this.#seen.set(key, new Map());
    const phases = this.#seen.get(key);
    if (!phases.has(generation.phase)) phases.set(generation.phase, now);
    const since = (phase) => phases.get(phase) ?? null;
    // One that was preparing when it was first seen began to serve when it was first seen to do something else.
    since.first = phases.has("Preparing") ? Math.min(...[...phases].filter(([phase]) => phase !== "Preparing").map(([, at]) => at)) : null;
    since.left = Math.min(...leaving.map((phase) => phases.get(phase) ?? now));
    return since;
  }
}
