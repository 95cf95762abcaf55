// Which series has which colour and dash. A series keeps its own while it is among the busiest.
import { svg } from "./dom.js";

/** How many can be told apart; the others are in the table alone. */
export const most = 6;

export class Slots {
  #taken = new Map();

  /** The slot by key, for the keys that have one. */
  assign(busiest) {
    for (const key of this.#taken.keys()) if (!busiest.includes(key)) this.#taken.delete(key);
    const free = [...Array(most).keys()].filter((slot) => ![...this.#taken.values()].includes(slot));
    for (const key of busiest.slice(0, most)) if (!this.#taken.has(key)) this.#taken.set(key, free.shift());
    return this.#taken;
  }
}

/** A short piece of the line in a slot, or the room for it if there is none; the name stands beside it. */
export const swatch = (slot) =>
  svg("svg", { class: "swatch", viewBox: "0 0 26 8", "aria-hidden": "true" }, ...(slot === null ? [] : [svg("path", { class: `line slot${slot}`, d: "M2 4H24" })]));
