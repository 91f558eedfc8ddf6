// The metadata of an entry, or the attributes of a span, as a table.

import { button, element } from "./element.js";
import { Exact } from "./feed.js";

/** The characters of a value that are shown at first. */
const MOST = 20_000;

/** The most characters of an object or list on one line. */
const ONE_LINE = 80;

/** A table of an object; `onFilter(key, value)` searches for a simple value, and is optional. */
export function metadata(object, onFilter) {
  const rows = Object.entries(object).map(([key, value]) => {
    const simple = value === null || typeof value !== "object" || value instanceof Exact;
    const shown = simple ? text(value) : nested(value);
    const cell = element("td", {}, element(shown.includes("\n") ? "pre" : "span", { class: "value" }, cut(shown)));
    if (simple && value !== null && onFilter && shown.length <= 200 && !shown.includes('"')) {
      cell.append(
        button("=", () => onFilter(key, shown), { class: "quiet", title: `Show entries with ${key}=${shown}`, "aria-label": `Show entries with ${key}=${shown}` }),
      );
    }
    return element("tr", {}, element("th", { scope: "row" }, key), cell);
  });
  return element("table", { class: "metadata" }, element("tbody", {}, rows));
}

/** A truncated text, with a note that says so. */
export function cut(text) {
  if (text.length <= MOST) return [text];
  return [text.slice(0, MOST), element("em", { class: "cut" }, ` … ${(text.length - MOST).toLocaleString("en")} more characters: copy the entry to have them`)];
}

/** An object or list on one line if it is short. */
function nested(value) {
  const short = JSON.stringify(value, plain);
  return short.length <= ONE_LINE ? short : JSON.stringify(value, plain, 2);
}

const text = (value) => (value instanceof Exact ? value.text : String(value));
const plain = (_key, value) => (value instanceof Exact ? value.text : value);
