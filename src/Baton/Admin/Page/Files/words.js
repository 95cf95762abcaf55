// The state in sentences.
import { clockMinute, counted, moment, span } from "./format.js";

const phases = {
  Preparing: "prepares",
  Serving: "serves",
  Launching: "serves, and has launched a successor",
  Probation: "has handed over, and can still resume",
  Draining: "drains",
  Stopping: "stops",
  Exiting: "exits",
};

/** What a phase means, of a build that may know others. */
export const phaseInWords = (phase) => phases[phase] ?? String(phase).toLowerCase();

const outcomes = {
  Completed: { text: "completed", mark: "good" },
  Failed: { text: "failed", mark: "bad" },
  RolledBack: { text: "rolled back", mark: "bad" },
};

export const outcomeInWords = (outcome) => outcomes[outcome] ?? { text: String(outcome), mark: "warn" };

/** "5 requests, 1 tunnel": what a generation still has open; an empty text if nothing. */
export function openInWords(open) {
  if (!open) return "";
  const connections = (open.new ?? 0) + (open.idle ?? 0) + (open.busy ?? 0) + (open.http2 ?? 0);
  return [[open.requests, "request"], [open.tunnels, "tunnel"], [connections, "connection"]]
    .filter(([value]) => value > 0)
    .map(([value, noun]) => counted(value, noun))
    .join(", ");
}

export function lifeInWords(life, now) {
  if (life.gone !== null) return past(life, now);
  if (life.phase === "Serving" || life.phase === "Launching") return life.served === null ? "serves" : `serves since ${moment(life.served, now)}`;
  return phaseInWords(life.phase);
}

/** "Generation 3 serves since 14:02. Generation 2 drains 5 requests, 1 tunnel." */
export function stateInWords(status, lives, now) {
  const generations = status.generations?.length > 0 ? status.generations : [{ number: status.generation, phase: status.phase }];
  const sentences = [...generations].sort((one, other) => rank(one) - rank(other) || other.number - one.number).map((one) => {
    const life = lives.find((candidate) => candidate.number === one.number);
    const subject = `Generation ${one.number} `;
    if (one.phase === "Serving" && life?.served) return `${subject}serves since ${since(life.served, now)}.`;
    if (one.phase === "Draining" || one.phase === "Probation" || one.phase === "Stopping") {
      const open = openInWords(one.open);
      return `${subject}${phaseInWords(one.phase)}${open ? `: ${open}` : ""}.`;
    }
    return `${subject}${phaseInWords(one.phase)}.`;
  });
  if (status.isDraining) sentences.push("It is taken out of the load balancer in front (baton drain).");
  return sentences.join(" ");
}

/** What is told to a screen reader when it changes: the phases alone, no numbers that tick. */
export function phasesInWords(status) {
  const generations = status.generations?.length > 0 ? status.generations : [{ number: status.generation, phase: status.phase }];
  return generations.map((one) => `Generation ${one.number} ${phaseInWords(one.phase)}.`).join(" ");
}

function past(life, now) {
  if (life.left === null) return "was rolled back";
  return life.served === null ? `served until ${moment(life.left, now)}` : `served ${span((life.left - life.served) / 1000)}`;
}

const rank = (generation) => (generation.phase === "Serving" || generation.phase === "Launching" ? 0 : 1);

const since = (at, now) => `${now - at < 12 * 3600 * 1000 ? clockMinute(at) : moment(at, now)} (${span((now - at) / 1000)})`;
