// Reads the Prometheus text format, version 0.0.4, as far as a scrape of one daemon needs it.

const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*,?\s*/gy;

/** The samples of a scrape by name: { labels, value } each. Lines that are none are passed over. */
export function parse(text) {
  const families = new Map();
  for (const line of text.split("\n")) {
    const match = line.startsWith("#") ? null : sample.exec(line.trim());
    if (!match) continue;
    const [, name, labels, value] = match;
    if (!families.has(name)) families.set(name, []);
    families.get(name).push({ labels: readLabels(labels ?? ""), value: readValue(value) });
  }
  return families;
}

/** The value of the only sample, or the sum of all with that name; null if there is none. */
export function total(families, name) {
  const samples = families.get(name);
  return samples ? samples.reduce((sum, one) => sum + one.value, 0) : null;
}

// Without a prototype: a label may have any name.
function readLabels(text) {
  const labels = Object.create(null);
  label.lastIndex = 0;
  for (let match = label.exec(text); match; match = label.exec(text))
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
  return labels;
}

function readValue(text) {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}
