// Numbers and times in words, by the reader's own locale and time zone.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumSignificantDigits: 2 });
const axis = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const second = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

const dayLength = 24 * 3600;
const nothing = "–";

export const count = (value) => whole.format(value);

export const compact = (value) => axis.format(value);

/** "1 request", "5 requests". */
export const counted = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Things a second. */
export const rate = (value) => (value === null ? nothing : value === 0 || value >= 100 ? whole.format(value) : tenths.format(value));

/** A part of all, from 0 to 1. */
export const share = (value) => (value === null ? nothing : percent.format(value));

/** A short time in seconds: "0.8 ms", "12 ms", "1.2 s". */
export function latency(seconds) {
  if (seconds === null) return nothing;
  if (seconds === Infinity) return "∞";
  if (seconds < 0.001) return `${short.format(seconds * 1e6)} µs`;
  return seconds < 0.9995 ? `${short.format(seconds * 1000)} ms` : `${short.format(seconds)} s`;
}

/** How long something has lasted, in seconds, to two parts at the most: "340 ms", "1.3 s", "12 min", "3 h 5 min", "4 d 2 h". */
export function span(seconds) {
  if (seconds < 1) return `${whole.format(Math.max(0, seconds) * 1000)} ms`;
  if (seconds < 10) return `${tenths.format(seconds)} s`;
  if (seconds < 60) return `${whole.format(Math.floor(seconds))} s`;
  if (seconds < 3600) return `${whole.format(Math.floor(seconds / 60))} min`;
  if (seconds < dayLength) return pair(seconds, 3600, "h", 60, "min");
  return pair(seconds, dayLength, "d", 3600, "h");
}

/** A .NET TimeSpan as System.Text.Json writes it, "[d.]hh:mm:ss[.fffffff]", in seconds; null if it is none. */
export function timeSpan(text) {
  const parts = /^(-)?(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text ?? "");
  if (!parts) return null;
  const [, minus, days = 0, hours, minutes, seconds] = parts;
  return (minus ? -1 : 1) * (days * dayLength + hours * 3600 + minutes * 60 + Number(seconds));
}

export const clockMinute = (milliseconds) => minute.format(milliseconds);

export const clockSecond = (milliseconds) => second.format(milliseconds);

/** The time of today, or else with its date. */
export const moment = (milliseconds, now) => (now - milliseconds < dayLength * 500 ? second : day).format(milliseconds);

export const calendarDate = (milliseconds) => date.format(milliseconds);

function pair(seconds, large, largeName, small, smallName) {
  const rest = Math.floor((seconds % large) / small);
  const head = `${whole.format(Math.floor(seconds / large))} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}
