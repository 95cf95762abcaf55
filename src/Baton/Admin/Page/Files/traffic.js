// The last ten minutes of traffic, by route or by destination: a point a scrape, made of what the counters have grown by.
import { Growth, HistogramDifference } from "./histogram.js";

/** How far back it is kept, in milliseconds. */
const kept = 10 * 60 * 1000;
const spans = [kept / 5, kept / 2, kept];

// Quantiles and shares of a single second jump about where there are few requests.
const smoothed = 10 * 1000;
const mostKeys = 500;

/** A longer time between two scrapes is a hole: what is drawn over it would be guessed. */
export const hole = 5 * 1000;

export class Traffic {
  #difference;
  #steps = [];
  #last = null;

  /** Points by key, oldest first: { at, rate, median, high, errors, clientErrors }. */
  series = new Map();

  constructor(histogram, keyOf) {
    this.#difference = new HistogramDifference(histogram, keyOf);
  }

  /** Takes a scrape in, made at a moment in milliseconds. */
  add(at, families) {
    const growth = this.#difference.take(families);
    const lasted = at - (this.#last ?? at);
    this.#last = at;
    if (!growth || lasted <= 0) return;

    this.#steps.push({ at, lasted, growth });
    while (this.#steps.length > 1 && this.#steps[0].at <= at - smoothed) this.#steps.shift();
    for (const [key, one] of growth) {
      if (!this.series.has(key) && this.series.size >= mostKeys) continue;
      if (!this.series.has(key)) this.series.set(key, []);
      this.series.get(key).push(this.#point(at, key, one, lasted));
    }
    this.#forget(at - kept);
  }

  /** How much of the past is worth showing: the shortest of a few round spans that holds all points, in milliseconds. */
  get span() {
    const oldest = Math.min(this.#last, ...[...this.series.values()].map((points) => points[0].at));
    return spans.find((span) => span >= this.#last - oldest) ?? kept;
  }

  /** The newest point of a key, or null. */
  latest(key) {
    const point = this.series.get(key)?.at(-1);
    return point && point.at === this.#last ? point : null;
  }

  /** What all keys together have done in the last seconds: { rate, median, high, errors }; null before the second scrape. */
  recent() {
    if (this.#steps.length === 0) return null;
    const all = new Growth();
    for (const step of this.#steps) for (const one of step.growth.values()) all.add(one);
    const lasted = this.#steps.reduce((sum, step) => sum + step.lasted, 0);
    return { rate: (all.count * 1000) / lasted, median: all.quantile(0.5), high: all.quantile(0.99), errors: all.errorShare };
  }

  /** The keys with the most requests, most first. */
  busiest(most) {
    const sums = [...this.series].map(([key, points]) => [key, points.reduce((sum, point) => sum + point.count, 0)]);
    return sums.sort(([oneKey, one], [otherKey, other]) => other - one || (oneKey < otherKey ? -1 : 1)).slice(0, most).map(([key]) => key);
  }

  #point(at, key, growth, lasted) {
    const recent = new Growth();
    for (const step of this.#steps) if (step.growth.has(key)) recent.add(step.growth.get(key));
    const part = (value) => (recent.count > 0 ? value / recent.count : null);
    return {
      at,
      count: growth.count,
      rate: (growth.count * 1000) / lasted,
      median: recent.quantile(0.5),
      high: recent.quantile(0.99),
      errors: recent.errorShare,
      clientErrors: part(recent.clientErrors),
    };
  }

  #forget(before) {
    for (const [key, points] of this.series) {
      while (points.length > 0 && points[0].at < before) points.shift();
      if (points.length === 0) this.series.delete(key);
    }
  }
}
