// Generations on a time line: a row each, the newest on top; what they did as bars, and their hand-overs between the rows.
import { svg } from "./dom.js";
import { clockMinute, clockSecond, moment, span } from "./format.js";
import { moments } from "./scale.js";
import { lifeInWords } from "./words.js";

const rows = 6;
const rowHeight = 44;
const bar = { top: 22, height: 12 };
const middle = bar.top + bar.height / 2;
const edge = { left: 6, right: 10, bottom: 24 };
const least = 2 * 60 * 1000;
const dayLength = 24 * 3600 * 1000;

export class Timeline {
  #drawing = svg("svg", { role: "img", class: "timeline" });
  #view = null;

  constructor(host) {
    host.prepend(this.#drawing);
    new ResizeObserver(() => this.#render()).observe(this.#drawing);
  }

  show(lives, now) {
    this.#view = { lives, now };
    this.#render();
  }

  #render() {
    const width = this.#drawing.clientWidth;
    if (!this.#view || width === 0) return;
    const { lives: model, now } = this.#view;
    const shown = model.lives.slice(-rows).reverse();
    const numbers = new Set(shown.map((life) => life.number));
    const oldest = Math.min(now, ...model.handovers.filter((one) => numbers.has(one.to)).map((one) => one.at));
    const from = Math.min(now - least, oldest - (now - oldest) * 0.12);
    const height = Math.max(shown.length, 1) * rowHeight + edge.bottom;
    const x = (at) => edge.left + ((Math.max(at, from) - from) / (now - from)) * (width - edge.left - edge.right);
    const y = (number) => shown.findIndex((life) => life.number === number) * rowHeight;

    this.#drawing.setAttribute("height", height);
    this.#drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#drawing.setAttribute("aria-label", summarise(shown, model, now));
    this.#drawing.replaceChildren(
      ...ticks(from, now, width, x, height),
      ...shown.flatMap((life) => bars(life, y(life.number), x, from, now)),
      ...model.handovers.filter((one) => one.at >= from && numbers.has(one.from) && numbers.has(one.to))
        .flatMap((one) => link(x(one.at), y(one.from), y(one.to), one.outcome)),
      ...model.failures.filter((one) => one.at >= from && numbers.has(one.from))
        .flatMap((one) => cross(x(one.at), y(one.from))),
      ...shown.map((life) => name(life, y(life.number), x, from, now, width)), // Above the lines between the rows.
    );
  }
}

function ticks(from, now, width, x, height) {
  const format = now - from > dayLength ? (at) => moment(at, now) : clockMinute;
  return moments(from, now, width / (now - from > dayLength ? 130 : 72)).flatMap((at) => [
    svg("line", { class: "hairline", x1: x(at), x2: x(at), y1: 0, y2: height - edge.bottom + 4 }),
    x(at) < 24 || x(at) > width - 24 ? "" : svg("text", { class: "tick", x: x(at), y: height - 6, "text-anchor": "middle" }, format(at)),
  ]);
}

function bars(life, top, x, from, now) {
  const end = life.gone ?? now;
  const pieces = [];
  const add = (kind, begin, until) => {
    if (begin === null || until === null || until < from) return;
    const left = x(begin);
    pieces.push(svg("rect", { class: `life ${kind}`, x: left, y: top + bar.top, width: Math.max(x(until) - left, 2), height: bar.height, rx: 2 }));
  };
  add("draining", life.left, end);
  const serving = life.served ?? (life.prepared === null ? from : null);
  if (life.away) {
    add("draining", ...life.away);
    add("serving", serving, life.away[0]);
    add("serving", life.away[1], life.left ?? end);
  } else add("serving", serving, life.left ?? end);
  add("preparing", life.prepared, life.served ?? end);
  return pieces;
}

function name(life, top, x, from, now, width) {
  const begin = Math.max(x(life.prepared ?? life.served ?? from), edge.left);
  const atEnd = begin > width * 0.55;
  return svg("text", { class: `life-name${life.isNow ? " now" : ""}`, x: atEnd ? x(life.gone ?? now) : begin, y: top + bar.top - 6, "text-anchor": atEnd ? "end" : "start" },
    svg("tspan", { class: "number" }, `${life.number}`), `  ${life.version ?? ""} ${lifeInWords(life, now)}`);
}

function link(at, from, to, outcome) {
  const [upper, lower] = [Math.min(from, to), Math.max(from, to)];
  const line = svg("line", { class: "handover", x1: at, x2: at, y1: upper + middle, y2: lower + middle });
  return [line, ...(outcome === "RolledBack" ? cross(at, to) : [svg("circle", { class: "joint", cx: at, cy: to + middle, r: 3.5 })])];
}

// What did not work out, on the bar of whoever it befell.
const cross = (at, top) => [
  svg("circle", { class: "joint failed", cx: at, cy: top + middle, r: 5 }),
  svg("path", { class: "failed", d: `M${at - 2} ${top + middle - 2}l4 4m0 -4l-4 4` }),
];

function summarise(shown, model, now) {
  const last = model.handovers.at(-1);
  const generations = shown.map((life) => `generation ${life.number} ${lifeInWords(life, now)}`).join(", ");
  const lastOne = last ? ` The last hand-over was ${span((now - last.at) / 1000)} ago, at ${clockSecond(last.at)}, from generation ${last.from} to ${last.to}.` : " No hand-over is known.";
  return `Time line of generations: ${generations}.${lastOne}`;
}
