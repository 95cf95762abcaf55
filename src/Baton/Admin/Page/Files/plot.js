// One plot of lines over time, drawn by hand in SVG: hairlines at round values, a line a series, a mark at each hand-over,
// and under the pointer the time that all plots share.
import { element, setText, svg } from "./dom.js";
import { clockMinute } from "./format.js";
import { moments } from "./scale.js";
import { hole } from "./traffic.js";

const height = 168;
const edge = { left: 46, right: 10, top: 16, bottom: 22 };
const labelRoom = 68;
const markRoom = 34;

export class Plot {
  #drawing = svg("svg", { role: "img", height, class: "plot" });
  #note = element("p", { class: "reading" });
  #cursor;
  #view = null;

  /** The node of the plot; it belongs into a figure. */
  get nodes() {
    return [this.#drawing, this.#note];
  }

  /** @param cursor The moment that the pointer is at, shared by all plots. */
  constructor(cursor) {
    this.#cursor = cursor;
    this.#drawing.addEventListener("pointermove", (event) => this.#point(event));
    this.#drawing.addEventListener("pointerdown", (event) => this.#point(event));
    this.#drawing.addEventListener("pointerleave", () => cursor.move(null));
    cursor.addEventListener("move", () => this.#read());
    new ResizeObserver(() => this.#render()).observe(this.#drawing);
  }

  /**
   * Draws it anew: { from, to, scale, format, lines, marks, summary, empty }. A line is { name, slot, thin, points }, a point
   * { at, value } with null where there is none; a mark is { at, name }.
   */
  draw(view) {
    this.#view = view;
    this.#render();
  }

  #render() {
    const view = this.#view;
    const width = this.#drawing.clientWidth;
    if (!view || width === 0) return;
    this.#drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#drawing.setAttribute("aria-label", view.summary);
    const x = (at) => edge.left + ((at - view.from) / (view.to - view.from)) * (width - edge.left - edge.right);
    const y = (value) => height - edge.bottom - view.scale.part(value) * (height - edge.top - edge.bottom);
    this.#drawing.replaceChildren(
      ...view.scale.ticks.flatMap((tick) => [
        svg("line", { class: "hairline", x1: edge.left, x2: width - edge.right, y1: y(tick), y2: y(tick) }),
        svg("text", { class: "tick", x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, view.format(tick)),
      ]),
      ...moments(view.from, view.to, (width - edge.left) / labelRoom)
        .filter((at) => x(at) > edge.left + 14 && x(at) < width - 16)
        .map((at) => svg("text", { class: "tick", x: x(at), y: height - 5, "text-anchor": "middle" }, clockMinute(at))),
      ...view.marks.map((mark) => svg("line", { class: "handover", x1: x(mark.at), x2: x(mark.at), y1: edge.top, y2: height - edge.bottom })),
      ...named(view.marks, x).map((mark) => svg("text", { class: "tick handover-name", x: x(mark.at), y: edge.top - 5, "text-anchor": "middle" }, mark.name)),
      ...view.lines.map((line) => svg("path", { class: `line slot${line.slot}${line.thin ? " thin" : ""}`, d: path(line.points, x, y) })),
    );
    if (view.lines.length === 0)
      this.#drawing.append(svg("text", { class: "tick", x: (width + edge.left) / 2, y: height / 2, "text-anchor": "middle" }, view.empty));
    this.#read();
  }

  #point(event) {
    const view = this.#view;
    const box = this.#drawing.getBoundingClientRect();
    const part = (event.clientX - box.left - edge.left) / (box.width - edge.left - edge.right);
    if (view) this.#cursor.move(part < 0 || part > 1 ? null : view.from + part * (view.to - view.from));
  }

  // What each line has at the moment of the cursor; the newest values while there is none are in the tables.
  #read() {
    const view = this.#view;
    this.#drawing.querySelector(".cursor")?.remove();
    const at = this.#cursor.at;
    if (!view || at === null || at < view.from || at > view.to) {
      setText(this.#note, "");
      return;
    }
    const width = this.#drawing.clientWidth;
    const place = edge.left + ((at - view.from) / (view.to - view.from)) * (width - edge.left - edge.right);
    this.#drawing.append(svg("line", { class: "cursor", x1: place, x2: place, y1: edge.top, y2: height - edge.bottom }));
    const values = view.lines.map((line) => [line, valueAt(line.points, at)]).filter(([, value]) => value !== null);
    setText(this.#note, [clockMinute(at), ...values.map(([line, value]) => `${line.name} ${view.format(value)}`)].join(" · "));
  }
}

// From the newest back, so far apart that the names have room.
function named(marks, x) {
  const found = [];
  for (const mark of marks.toReversed()) if (found.length === 0 || x(found.at(-1).at) - x(mark.at) > markRoom) found.push(mark);
  return found;
}

/** The value of the point nearest to a moment, or null if none is near. */
export function valueAt(points, at) {
  let nearest = null;
  for (const point of points) if (nearest === null || Math.abs(point.at - at) < Math.abs(nearest.at - at)) nearest = point;
  return nearest !== null && Math.abs(nearest.at - at) < hole ? nearest.value : null;
}

function path(points, x, y) {
  const steps = [];
  let last = null;
  for (const point of points) {
    if (point.value === null) {
      last = null;
      continue;
    }
    steps.push(`${last !== null && point.at - last <= hole ? "L" : "M"}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`);
    if (last === null) steps.push("h0"); // A single point is a dot, by its round cap.
    last = point.at;
  }
  return steps.join("");
}
