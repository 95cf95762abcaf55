// The plots of one kind of series, routes or destinations: requests, latency and errors over the last ten minutes, with the
// same numbers as a table for whoever does not see lines.
import { element } from "./dom.js";
import { clockSecond, compact, latency, rate, share } from "./format.js";
import { Plot, valueAt } from "./plot.js";
import { linear, logarithmic } from "./scale.js";
import { Slots, most, swatch } from "./slots.js";
import { Table } from "./table.js";

const row = 30 * 1000;
const tableEvery = 10 * 1000;

const kinds = [
  {
    title: "Requests per second",
    fields: [["rate", ""]],
    format: rate,
    tick: compact,
    scale: (values) => linear(Math.max(0, ...values), 1),
  },
  {
    title: "Latency, p99 and (thin) p50",
    fields: [["high", " p99"], ["median", " p50"]],
    format: latency,
    tick: latency,
    scale: (values) => {
      const shown = values.filter((value) => value > 0 && value < Infinity);
      return logarithmic(Math.min(0.01, ...shown), Math.max(0.01, ...shown), 0.0001);
    },
  },
  {
    title: "Errors, share of requests",
    fields: [["errors", ""]],
    format: share,
    tick: share,
    scale: (values) => linear(Math.max(0, ...values), 0.01),
  },
];

export class Plots {
  #traffic;
  #noun;
  #slots = new Slots();
  #figures;
  #legend;

  /**
   * @param host Where the figures go.
   * @param noun "route" or "destination".
   */
  constructor(host, traffic, noun, cursor) {
    this.#traffic = traffic;
    this.#noun = noun;
    this.#legend = element("ul", { class: "legend", "aria-label": `Lines by ${noun}` });
    this.#figures = kinds.map((kind) => makeFigure(kind, noun, cursor));
    host.append(this.#legend, element("div", { class: "figures" }, ...this.#figures.map((figure) => figure.node)));
  }

  /** The slot by key. */
  slots = new Map();

  show(now, marks) {
    this.slots = this.#slots.assign(this.#traffic.busiest(most));
    const shown = [...this.slots].sort(([, one], [, other]) => one - other);
    this.#showLegend(shown);
    const from = now - this.#traffic.span;
    for (const figure of this.#figures) {
      const lines = figure.kind.fields.flatMap(([field, suffix], index) => shown.map(([key, slot]) => ({
        name: key + suffix,
        slot,
        thin: index > 0,
        points: (this.#traffic.series.get(key) ?? []).map((point) => ({ at: point.at, value: point[field] })),
      })));
      const values = lines.flatMap((line) => line.points.map((point) => point.value)).filter((value) => value !== null);
      figure.plot.draw({
        from,
        to: now,
        lines,
        scale: figure.kind.scale(values),
        format: figure.kind.tick,
        marks: marks.filter((mark) => mark.at > from && mark.at <= now),
        summary: summarise(figure.kind, this.#noun, lines),
        empty: "no requests yet",
      });
      if (figure.details.open && now - figure.filled > tableEvery) {
        figure.filled = now;
        fillTable(figure, lines, from, now);
      }
    }
  }

  #showLegend(shown) {
    const wanted = shown.map(([key, slot]) => `${slot} ${key}`).join("\n");
    if (this.#legend.dataset.shown === wanted) return;
    this.#legend.dataset.shown = wanted;
    this.#legend.replaceChildren(...shown.map(([key, slot]) => element("li", {}, swatch(slot), key)));
  }
}

function makeFigure(kind, noun, cursor) {
  const plot = new Plot(cursor);
  const host = element("div");
  const details = element("details", {}, element("summary", {}, "The same as a table"), host);
  const node = element("figure", {}, element("figcaption", {}, kind.title), ...plot.nodes, details);
  const figure = { kind, plot, details, host, node, filled: 0, noun };
  details.addEventListener("toggle", () => (figure.filled = 0));
  return figure;
}

function fillTable(figure, lines, from, now) {
  const first = Math.min(...lines.flatMap((line) => line.points.slice(0, 1).map((point) => point.at)), now);
  const rows = [];
  for (let at = now; at >= first && at > from; at -= row) rows.push(at);
  const table = new Table(figure.host, {
    caption: `${figure.kind.title}, by ${figure.noun}, every ${row / 1000} seconds`,
    columns: [
      { name: "Time", cell: (at) => clockSecond(at) },
      ...lines.map((line) => ({ name: line.name, numeric: true, cell: (at) => figure.kind.format(valueAt(line.points, at)) })),
    ],
    key: (at) => at,
    empty: "No requests yet.",
  });
  table.show(rows);
}

function summarise(kind, noun, lines) {
  const parts = lines.map((line) => {
    const values = line.points.map((point) => point.value).filter((value) => value !== null);
    if (values.length === 0) return `${line.name}: none`;
    return `${line.name}: ${kind.format(values.at(-1))} now, from ${kind.format(Math.min(...values))} to ${kind.format(Math.max(...values))}`;
  });
  return `${kind.title} by ${noun}, last ten minutes at the most. ${parts.length === 0 ? "No requests yet" : parts.join("; ")}.`;
}
