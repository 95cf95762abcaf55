// A table whose cells change in place, so that whoever reads it, selects in it or scrolls it is not thrown out every second.
import { element, setText } from "./dom.js";
import { swatch } from "./slots.js";

const glyphs = { good: "●", warn: "▲", bad: "✕" };

export class Table {
  #body = element("tbody");
  #columns;
  #key;
  #rows = new Map();
  #empty;
  #emptyRow;

  /**
   * @param host What it is put into; what was there goes.
   * @param shape { caption, columns, key, empty }. A column is { name, numeric, wide, cell }; a cell is a text, or
   * { text, title, mark, slot, iso }: a mark "good", "warn" or "bad" stands before the words, and is never without them; a
   * slot of null leaves room for the line that others have.
   */
  constructor(host, { caption, columns, key, empty }) {
    this.#columns = columns;
    this.#key = key;
    this.#empty = empty;
    const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col", class: classOf(column) }, column.name)));
    const table = element("table", {}, element("caption", {}, caption), element("thead", {}, head), this.#body);
    host.replaceChildren(element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table));
  }

  show(rows) {
    this.#showEmpty(rows.length === 0);
    const kept = new Set(rows.map((row) => String(this.#key(row))));
    for (const [key, row] of this.#rows) {
      if (kept.has(key)) continue;
      row.node.remove();
      this.#rows.delete(key);
    }
    rows.forEach((data, index) => {
      const row = this.#rowOf(String(this.#key(data)));
      this.#columns.forEach((column, place) => this.#fill(row, place, column.cell(data)));
      if (this.#body.children[index] !== row.node) this.#body.insertBefore(row.node, this.#body.children[index] ?? null);
    });
  }

  #rowOf(key) {
    if (!this.#rows.has(key)) {
      const cells = this.#columns.map((column, index) => element(index === 0 ? "th" : "td", { class: classOf(column), scope: index === 0 && "row" }));
      this.#rows.set(key, { node: element("tr", {}, ...cells), cells, shown: [] });
    }
    return this.#rows.get(key);
  }

  #fill(row, place, content) {
    const cell = typeof content === "string" ? { text: content } : content;
    const wanted = JSON.stringify(cell);
    if (row.shown[place] === wanted) return;
    const before = row.shown[place] === undefined ? null : JSON.parse(row.shown[place]);
    row.shown[place] = wanted;
    const node = row.cells[place];
    if (before && isPlain(before) && isPlain(cell)) setText(node, cell.text);
    else node.replaceChildren(...parts(cell));
    if (cell.title) node.title = cell.title;
    else node.removeAttribute("title");
  }

  #showEmpty(isEmpty) {
    if (!isEmpty) this.#emptyRow?.remove();
    else if (!this.#emptyRow?.isConnected) {
      this.#emptyRow ??= element("tr", {}, element("td", { colspan: this.#columns.length, class: "empty" }, this.#empty));
      this.#body.append(this.#emptyRow);
    }
  }
}

const isPlain = (cell) => !cell.mark && !cell.iso && cell.slot === undefined;

const classOf = (column) => [column.numeric && "number", column.wide && "wide"].filter(Boolean).join(" ") || null;

function parts(cell) {
  const found = [];
  if (cell.slot !== undefined) found.push(swatch(cell.slot));
  if (cell.mark) found.push(element("span", { class: `mark ${cell.mark}`, "aria-hidden": "true" }, glyphs[cell.mark]));
  found.push(cell.iso ? element("time", { datetime: cell.iso, title: cell.iso }, cell.text) : cell.text);
  return found;
}
