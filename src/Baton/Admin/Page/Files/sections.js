// The tables: generations, routes, destinations, certificates and the last upgrades.
import { calendarDate, count, counted, latency, moment, rate, share, span, timeSpan } from "./format.js";
import { outcomeInWords, phaseInWords } from "./words.js";

const soon = 30;
const urgent = 7;

const dash = "–";
const number = (value) => (value === null || value === undefined ? dash : count(value));

const numeric = (name, cell) => ({ name, numeric: true, cell });

/** @param clock Tells the time that the rows are shown at. */
export const generations = (clock) => ({
  caption: "Processes of the daemon, and what each has open",
  key: (row) => row.number,
  empty: "The daemon names no generation.",
  columns: [
    { name: "Generation", cell: (row) => String(row.number) },
    { name: "Phase", wide: true, cell: (row) => phaseInWords(row.phase) },
    { name: "Version", cell: (row) => row.version },
    numeric("Pid", (row) => String(row.pid)),
    numeric("Age", (row) => (row.startedAt ? { text: span((clock() - Date.parse(row.startedAt)) / 1000), title: row.startedAt } : dash)),
    numeric("Requests", (row) => number(row.open?.requests)),
    numeric("Tunnels", (row) => number(row.open?.tunnels)),
    numeric("Busy", (row) => number(row.open?.busy)),
    numeric("Idle", (row) => number(row.open?.idle)),
    numeric("New", (row) => number(row.open?.new)),
    numeric("HTTP/2", (row) => number(row.open?.http2)),
    { name: "Waits for", wide: true, cell: (row) => (row.waitsFor ?? []).map(waitInWords).join("; ") || dash },
  ],
});

/** @param plots Know the line of each route. */
export const routes = (traffic, plots) => ({
  caption: "Routes, now",
  key: (key) => key,
  empty: "No requests yet.",
  columns: [
    { name: "Route", cell: (key) => ({ text: key, slot: plots.slots.get(key) ?? null }) },
    ...traffics((key) => traffic.latest(key)),
    numeric("4xx", (key) => share(traffic.latest(key)?.clientErrors ?? null)),
  ],
});

export const destinations = (traffic, plots) => ({
  caption: "Destinations, their health, and now",
  key: (row) => row.key,
  empty: "No cluster is configured.",
  columns: [
    { name: "Destination", cell: (row) => ({ text: row.key, slot: plots.slots.get(row.key) ?? null }) },
    { name: "Gets requests", cell: (row) => (row.isAvailable ? { text: "yes", mark: "good" } : { text: "no", mark: "bad" }) },
    { name: "Because", wide: true, cell: (row) => row.why },
    { name: "Address", cell: (row) => row.address },
    numeric("In flight", (row) => number(row.requests)),
    ...traffics((row) => traffic.latest(row.key)),
  ],
});

export const certificates = {
  caption: "Certificates that the endpoints show, the one that expires first on top",
  key: (row) => `${row.endpoint}\n${row.subject}`,
  empty: "No endpoint has a certificate.",
  columns: [
    { name: "Endpoint", cell: (row) => row.endpoint },
    { name: "Days left", cell: (row) => daysLeft(row.daysLeft) },
    { name: "Expires", cell: (row) => ({ text: calendarDate(Date.parse(row.notAfter)), iso: row.notAfter }) },
    { name: "Names", wide: true, cell: (row) => row.subject },
  ],
};

export const upgrades = (clock) => ({
  caption: "The last upgrades, newest first",
  key: (row) => [row.fromPid, row.from, row.to, row.toPid, row.endedAt, row.duration].join(),
  empty: "There was no upgrade yet.",
  columns: [
    { name: "Ended", cell: (row) => (row.endedAt ? { text: moment(Date.parse(row.endedAt), clock()), iso: row.endedAt } : dash) },
    { name: "Generations", cell: (row) => `${row.from} → ${row.to}` },
    { name: "Result", cell: (row) => outcomeInWords(row.outcome) },
    { name: "Versions", cell: (row) => (row.toVersion && row.toVersion !== row.fromVersion ? `${row.fromVersion} → ${row.toVersion}` : row.fromVersion) },
    numeric("Took", (row) => seconds(row.duration)),
    numeric("Ready after", (row) => seconds(row.readyAfter)),
    numeric("Moved", (row) => (row.drain ? number(row.drain.moved + row.drain.tunnelsMoved) : dash)),
    numeric("Finished", (row) => number(row.drain?.requestsFinished)),
    numeric("Asked to close", (row) => number(row.drain?.askedToClose)),
    numeric("Cut", (row) => cutCount(row)),
    { name: "Why, and who was cut", wide: true, cell: (row) => [...(row.reasons ?? []), ...(row.drain?.cut ?? []).map(cutInWords)].join(" ") || dash },
  ],
});

/** A row for each destination; those of the metrics alone, of a cluster that is gone, are not in it. */
export const destinationRows = (status) =>
  (status.clusters ?? []).flatMap((cluster) => cluster.destinations.map((one) => ({ ...one, key: `${cluster.id}/${one.id}` })));

function traffics(latest) {
  return [
    numeric("Requests/s", (row) => rate(latest(row)?.rate ?? null)),
    numeric("p50", (row) => latency(latest(row)?.median ?? null)),
    numeric("p99", (row) => latency(latest(row)?.high ?? null)),
    numeric("Errors", (row) => {
      const errors = latest(row)?.errors ?? null;
      return errors > 0 ? { text: share(errors), mark: "warn" } : share(errors);
    }),
  ];
}

const waitInWords = (one) => `${counted(one.count, one.kind)} of ${one.route}, the oldest ${span(timeSpan(one.oldest) ?? 0)}`;

const cutInWords = (one) => `${counted(one.count, one.kind)} of ${one.route} cut.`;

function seconds(text) {
  const value = timeSpan(text);
  return value === null ? dash : span(value);
}

function cutCount(row) {
  if (!row.drain) return dash;
  const sum = row.drain.cut.reduce((all, one) => all + one.count, 0);
  return sum > 0 ? { text: count(sum), mark: "warn" } : "0";
}

function daysLeft(days) {
  if (days < 0) return { text: `expired ${counted(-days, "day")} ago`, mark: "bad" };
  return { text: counted(days, "day"), mark: days <= urgent ? "bad" : days <= soon ? "warn" : "good" };
}
