// From values to places: axes that begin and end at round numbers.

/** A scale from 0 to a round number above the highest value. */
export function linear(highest, least) {
  const top = Math.max(highest, least);
  const step = roundStep(top / 3);
  const end = Math.ceil(top / step - 1e-9) * step;
  const ticks = [];
  for (let index = 0; index * step <= end * 1.0001; index++) ticks.push(index * step);
  return { ticks, part: (value) => Math.min(value / end, 1) };
}

/** A scale by powers of ten that holds all values, and at least two powers. */
export function logarithmic(lowest, highest, least) {
  const begin = Math.floor(Math.log10(Math.max(lowest, least)) + 1e-9);
  const end = Math.max(Math.ceil(Math.log10(Math.max(highest, least)) - 1e-9), begin + 2);
  const ticks = [];
  for (let power = begin; power <= end; power++) ticks.push(10 ** power);
  return { ticks, part: (value) => Math.min(Math.max((Math.log10(value) - begin) / (end - begin), 0), 1) };
}

/** Round moments between two, in milliseconds, so many that labels have room. */
export function moments(from, to, most) {
  const minute = 60 * 1000;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((step) => step * minute);
  const wanted = (to - from) / Math.max(most, 1);
  const step = steps.find((one) => one >= wanted) ?? Math.ceil(wanted / steps.at(-1)) * steps.at(-1);
  const offset = new Date(from).getTimezoneOffset() * minute; // Round by the reader's clock.
  const found = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) found.push(at);
  return found;
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) * power;
}
