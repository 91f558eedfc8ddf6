// Shows times, in the zone of the browser.

const two = (number) => String(number).padStart(2, "0");
const three = (number) => String(number).padStart(3, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const day = (date) => `${MONTHS[date.getMonth()]} ${two(date.getDate())}`;
const seconds = (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

/** `14:03:07.042`, with the day before it unless that is today. */
export function short(time, now = new Date()) {
  const date = new Date(time);
  const clock = `${seconds(date)}.${three(date.getMilliseconds())}`;
  if (date.toDateString() === now.toDateString()) return clock;
  const year = date.getFullYear() === now.getFullYear() ? "" : `${date.getFullYear()} `;
  return `${year}${day(date)} ${clock}`;
}

/** `2026-11-22 14:03:07.042 +01:00`. */
export function full(time) {
  const date = new Date(time);
  const days = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${days} ${seconds(date)}.${three(date.getMilliseconds())} ${offset(date)}`;
}

/** `Nov 22 14:03:07`, or with milliseconds where a range may be as short. */
export function moment(time, fine) {
  const date = new Date(time);
  return `${day(date)} ${seconds(date)}${fine ? `.${three(date.getMilliseconds())}` : ""}`;
}

/** A label of an axis whose marks are `width` milliseconds apart. */
export function mark(time, width) {
  const date = new Date(time);
  if (width >= 86_400_000) return day(date);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const whole = width >= 60_000 ? clock : seconds(date);
  const fine = width < 1_000 ? `${whole}.${three(date.getMilliseconds())}` : whole;
  return date.toDateString() === new Date().toDateString() ? fine : `${day(date)} ${fine}`;
}

/** `1.2 s`, `35 ms`. */
export function duration(milliseconds) {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(2)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  return `${minutes} min ${Math.round((milliseconds % 60_000) / 1_000)} s`;
}

/** `UTC+1`, the zone of the times shown. */
export function zone() {
  const minutes = -new Date().getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${two(rest)}` : ""}`;
}

/** A time as an input of type `datetime-local` has it. */
export function input(time) {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${seconds(date)}`;
}

function offset(date) {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
