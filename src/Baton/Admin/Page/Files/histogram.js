// What histograms of requests have grown by between scrapes. A counter never falls over an upgrade; one that does was
// started anew with its process, and counts from zero.

/** The requests of one route or destination in a span of time; cumulative counts by upper bound. */
export class Growth {
  count = 0;
  clientErrors = 0;
  errors = 0;
  bounds = new Map();

  add(other) {
    this.count += other.count;
    this.clientErrors += other.clientErrors;
    this.errors += other.errors;
    for (const [bound, value] of other.bounds) this.bounds.set(bound, (this.bounds.get(bound) ?? 0) + value);
  }

  /** The share of answers with 5xx, and of requests with none; null if there was no request. */
  get errorShare() {
    return this.count > 0 ? this.errors / this.count : null;
  }

  /** Estimated within the bucket, as Prometheus does; null if there was no request. */
  quantile(part) {
    const bounds = [...this.bounds].sort(([one], [other]) => one - other);
    const all = bounds.at(-1)?.[1] ?? 0;
    if (all <= 0) return null;
    const rank = part * all;
    let [lower, below] = [0, 0];
    for (const [bound, value] of bounds) {
      if (value >= rank) return bound === Infinity ? lower : lower + ((bound - lower) * (rank - below)) / Math.max(value - below, Number.MIN_VALUE);
      [lower, below] = [bound, value];
    }
    return lower;
  }
}

/** Remembers the last scrape of a histogram, and says what has come since, by a key that follows from the labels. */
export class HistogramDifference {
  #name;
  #keyOf;
  #last = null;

  constructor(name, keyOf) {
    this.#name = name;
    this.#keyOf = keyOf;
  }

  /** The growth by key; null at the first scrape, with which nothing can be compared. Every key that is known is in it. */
  take(families) {
    const now = this.#read(families);
    const before = this.#last;
    this.#last = now;
    if (!before) return null;

    const growth = new Map();
    for (const [id, one] of now) {
      const last = before.get(id);
      const same = last && last.count <= one.count ? last : { count: 0, bounds: new Map() };
      const difference = new Growth();
      difference.count = one.count - same.count;
      if (one.status === "4xx") difference.clientErrors = difference.count;
      if (one.status === "5xx" || one.status === "error") difference.errors = difference.count;
      for (const [bound, value] of one.bounds) difference.bounds.set(bound, value - (same.bounds.get(bound) ?? 0));
      if (!growth.has(one.key)) growth.set(one.key, new Growth());
      growth.get(one.key).add(difference);
    }
    return growth;
  }

  #read(families) {
    const series = new Map();
    const at = ({ labels }) => {
      const key = this.#keyOf(labels);
      const status = labels.http_response_status_class ?? "";
      const id = `${key}\n${status}`;
      if (!series.has(id)) series.set(id, { key, status, count: 0, bounds: new Map() });
      return series.get(id);
    };
    for (const one of families.get(`${this.#name}_count`) ?? []) at(one).count += one.value;
    for (const one of families.get(`${this.#name}_bucket`) ?? []) {
      const bounds = at(one).bounds;
      const bound = one.labels.le === "+Inf" ? Infinity : Number(one.labels.le);
      bounds.set(bound, (bounds.get(bound) ?? 0) + one.value);
    }
    return series;
  }
}
