// The time range of the search.

import { input } from "./clock.js";
import { button, element } from "./element.js";
import { SPANS } from "./filter.js";

const LABELS = {
  "5m": "Last 5 minutes", "15m": "Last 15 minutes", "1h": "Last hour", "6h": "Last 6 hours", "24h": "Last 24 hours",
  "7d": "Last 7 days", all: "All time", fixed: "From … to …",
};

export class Range {
  #select;
  #from;
  #to;
  #fixed;

  /** `onSpan(name)` is told of a range that ends now, `onFixed(from, to)` of another. */
  constructor(place, { onSpan, onFixed }) {
    const options = [...Object.keys(SPANS), "fixed"].map((value) => element("option", { value }, LABELS[value]));
    this.#select = element("select", { "aria-label": "Time range", id: "span" }, options);
    const time = (label) => element("input", { type: "datetime-local", step: "1", "aria-label": label });
    [this.#from, this.#to] = [time("From"), time("To")];
    const back = button("×", () => onSpan(null), { "aria-label": "Back to the latest", title: "Back to the latest (Esc)" });
    this.#fixed = element("span", { id: "fixed", hidden: true }, this.#from, "–", this.#to, back);
    this.#select.addEventListener("change", () => {
      const name = this.#select.value;
      if (name !== "fixed") return onSpan(name);
      const now = Date.now();
      onFixed(now - 3_600_000, now);
    });
    const changed = () => {
      const [from, to] = [this.#from, this.#to].map(({ value }) => new Date(value).getTime());
      if (from <= to) onFixed(from, to + 999);
    };
    this.#from.addEventListener("change", changed);
    this.#to.addEventListener("change", changed);
    place.append(this.#select, this.#fixed);
  }

  show(filter) {
    this.#select.value = filter.open ? filter.span : "fixed";
    this.#fixed.hidden = filter.open;
    if (filter.open) return;
    this.#from.value = input(filter.from);
    this.#to.value = input(filter.to);
  }
}
