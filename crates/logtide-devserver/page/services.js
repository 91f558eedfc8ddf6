// Buttons for services.

import { button, element } from "./element.js";

/** The most services with a button; use `service=NAME` for others. */
const MOST = 12;

const number = new Intl.NumberFormat("en");

/** A button for each service, most entries first. */
export class Services {
  #place;
  #onChoose;

  constructor(place, onChoose) {
    this.#place = place;
    this.#onChoose = onChoose;
  }

  show(chosen, counts) {
    const byCount = Object.entries(counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
    const first = byCount.filter(([name], index) => index < MOST || chosen.has(name));
    const focused = document.activeElement?.dataset?.service;
    const buttons = first.map(([name]) =>
      button(element("span", { class: "name" }, name), () => this.#onChoose(name), {
        "data-service": name,
        "aria-pressed": chosen.has(name),
        title: chosen.has(name) ? `Show other services too` : `Show only ${name}`,
      }),
    );
    for (const [index, [, count]] of first.entries()) {
      buttons[index].append(element("span", { class: "count" }, number.format(count)));
    }
    const rest = byCount.length - first.length;
    if (rest > 0) buttons.push(element("span", { class: "rest" }, `and ${rest} more: search service=NAME`));
    this.#place.replaceChildren(...buttons);
    if (focused !== undefined) buttons.find(({ dataset }) => dataset.service === focused)?.focus();
  }
}
