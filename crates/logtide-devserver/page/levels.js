// Buttons for levels.

import { button, element } from "./element.js";
import { LEVELS } from "./filter.js";

const number = new Intl.NumberFormat("en");

/** A button for each level, which shows that level and above. */
export class Levels {
  #buttons = new Map();

  constructor(place, onChoose) {
    for (const [index, level] of LEVELS.entries()) {
      const count = element("span", { class: "count" });
      const made = button(level, () => onChoose(level), {
        "data-level": level,
        "aria-keyshortcuts": String(index + 1),
        title: level === "debug" ? "All levels (1)" : `${level} and above (${index + 1})`,
      });
      made.append(count);
      place.append(made);
      this.#buttons.set(level, { made, count });
    }
  }

  show(chosen, counts) {
    const lowest = Math.max(0, LEVELS.indexOf(chosen));
    for (const [index, level] of LEVELS.entries()) {
      const { made, count } = this.#buttons.get(level);
      made.setAttribute("aria-pressed", index >= lowest);
      count.textContent = number.format(counts[level] ?? 0);
    }
  }
}
