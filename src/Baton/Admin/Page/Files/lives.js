// When each generation prepared, served and drained, pieced together from the reports of upgrades, from the steps that the
// daemon remembers, from what the living say, and from what was seen here since the page was opened.
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
  // By number: the pid, and the first moment of each phase.
  #steps = new Map();

  /**
   * Oldest first: { number, version, prepared, served, left, gone, phase, isNow }, null where it did not come to that or is not
   * known. A generation whose upgrade was rolled back has the time in between as `away`.
   */
  lives = [];

  /** Each takeover: { at, from, to, outcome }. */
  handovers = [];

  /** Upgrades that never took over: { at, from, to }. */
  failures = [];

  /** Takes in a step that the daemon has told of. */
  hear({ generation, phase, at }) {
    this.#note(generation, null, phase, Date.parse(at));
  }

  update(status, reports, now) {
    const lives = new Map();
    const of = (number) => {
      if (!lives.has(number)) lives.set(number, { number, version: null, prepared: null, served: null, left: null, gone: null, away: null, phase: null, isNow: false });
      return lives.get(number);
    };
    this.handovers = [];
    this.failures = [];
    const living = status.generations ?? [];
    for (const one of living) this.#note(one.number, one.pid, one.phase, now);
    for (const report of reports) this.#addReport(report, of);
    for (const one of living) this.#addLiving(one, of(one.number), living);
    for (const life of lives.values()) life.served ??= this.#steps.get(life.number)?.phases.get("Serving") ?? null;
    this.lives = [...lives.values()].sort((one, other) => one.number - other.number);
    this.handovers.sort((one, other) => one.at - other.at);
  }

  // A number comes again after a restart, and after an upgrade that failed, with another process.
  #note(number, pid, phase, at) {
    const known = this.#steps.get(number);
    if (!known || (pid !== null && known.pid !== null && known.pid !== pid)) this.#steps.set(number, { pid, phases: new Map() });
    const steps = this.#steps.get(number);
    steps.pid ??= pid;
    if (!leaving.includes(phase)) leaving.forEach((one) => steps.phases.delete(one)); // It has resumed.
    steps.phases.set(phase, Math.min(steps.phases.get(phase) ?? at, at));
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

  #addLiving(generation, life, living) {
    const { phases } = this.#steps.get(generation.number);
    const started = Date.parse(generation.startedAt ?? "");
    Object.assign(life, { version: generation.version, phase: generation.phase, isNow: true, gone: null });
    life.prepared ??= Number.isNaN(started) ? (phases.get("Preparing") ?? null) : started;
    if (generation.phase === "Preparing") return;

    life.served ??= phases.get("Serving") ?? life.prepared;
    if (!leaving.includes(generation.phase)) return;
    life.left ??= Math.min(...leaving.map((phase) => phases.get(phase) ?? Infinity));
    const successor = Math.min(...living.map((one) => one.number).filter((number) => number > generation.number));
    if (successor !== Infinity) this.handovers.push({ at: life.left, from: generation.number, to: successor, outcome: null });
  }
}
