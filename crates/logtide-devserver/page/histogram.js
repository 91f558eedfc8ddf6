// Entries over time, by level. A range can be selected with the pointer or the keyboard.

import { mark, moment } from "./clock.js";
import { drawing, element } from "./element.js";
import { LEVELS } from "./filter.js";

/** The smallest height of a bar in pixels, so that one error among many entries is visible. */
const LEAST = 2;

const HEIGHT = 64;
const number = new Intl.NumberFormat("en");

export class Histogram {
  #place;
  #onBrush;
  #summary = null;
  #svg = drawing("svg", { height: HEIGHT, "aria-hidden": "true" });
  #bars = drawing("g");
  #brush = drawing("rect", { class: "brush", y: 0, height: HEIGHT, visibility: "hidden" });
  #axis = element("div", { class: "axis" });
  #note = element("figcaption", { role: "status" });
  /** The first and the last bucket chosen, while they are being chosen. */
  #chosen = null;

  /** `onBrush(from, to)` is told of the range that was chosen. */
  constructor(place, onBrush) {
    this.#place = place;
    this.#onBrush = onBrush;
    this.#svg.append(this.#bars, this.#brush);
    place.append(this.#svg, this.#axis, this.#note);
    new ResizeObserver(() => this.#draw()).observe(this.#svg);
    this.#svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.#summary) return;
      this.#svg.setPointerCapture(event.pointerId);
      this.#choose(this.#bucketAt(event), this.#bucketAt(event));
    });
    this.#svg.addEventListener("pointermove", (event) => {
      if (!this.#summary) return;
      const bucket = this.#bucketAt(event);
      if (this.#svg.hasPointerCapture(event.pointerId)) this.#choose(this.#chosen?.[0] ?? bucket, bucket);
      else this.#tell(bucket, bucket);
    });
    this.#svg.addEventListener("pointerup", () => this.#apply());
    this.#svg.addEventListener("pointercancel", () => this.#choose(null));
    this.#svg.addEventListener("pointerleave", () => this.#chosen || this.#tell(null));
    place.addEventListener("keydown", (event) => this.#key(event));
    place.addEventListener("blur", () => this.#choose(null));
  }

  show(summary) {
    this.#summary = summary;
    this.#draw();
  }

  get #count() {
    return Math.max(1, Math.round((this.#summary.to - this.#summary.from) / this.#summary.width));
  }

  #draw() {
    const width = this.#svg.clientWidth;
    if (!this.#summary || width === 0) return;
    const { from, width: span, buckets } = this.#summary;
    const count = this.#count;
    const step = width / count;
    const totals = Object.values(buckets).map((levels) => sum(levels));
    const scale = (HEIGHT - 4) / Math.max(1, ...totals);
    const paths = Object.fromEntries(LEVELS.map((level) => [level, ""]));
    for (const [start, levels] of Object.entries(buckets)) {
      const x = ((Number(start) - from) / span) * step;
      let y = HEIGHT;
      for (const level of LEVELS.toReversed()) {
        if (!levels[level]) continue;
        const height = Math.max(LEAST, levels[level] * scale);
        y -= height;
        paths[level] += `M${x.toFixed(1)} ${y.toFixed(1)}h${Math.max(1, step - 1).toFixed(1)}v${height.toFixed(1)}h-${Math.max(1, step - 1).toFixed(1)}z`;
      }
    }
    this.#bars.replaceChildren(...LEVELS.map((level) => drawing("path", { "data-level": level, d: paths[level] })));
    this.#drawAxis(width, count);
    this.#drawBrush();
  }

  #drawAxis(width, count) {
    const { from, to, width: span } = this.#summary;
    const marks = Math.max(1, Math.min(count, Math.floor(width / 150)));
    const labels = Array.from({ length: marks }, (_, index) => {
      const bucket = Math.round((index * count) / marks);
      const label = element("span", {}, mark(from + bucket * span, span));
      label.style.left = `${(bucket / count) * 100}%`;
      return label;
    });
    this.#axis.replaceChildren(...labels);
    this.#place.dataset.from = from;
    this.#place.dataset.to = to;
  }

  #bucketAt(event) {
    const box = this.#svg.getBoundingClientRect();
    const bucket = Math.floor(((event.clientX - box.left) / box.width) * this.#count);
    return Math.max(0, Math.min(this.#count - 1, bucket));
  }

  #choose(start, end) {
    this.#chosen = start === null || start === undefined ? null : [start, end];
    this.#drawBrush();
    if (this.#chosen) this.#tell(Math.min(start, end), Math.max(start, end));
    else this.#tell(null);
  }

  #drawBrush() {
    if (!this.#chosen || !this.#summary) return this.#brush.setAttribute("visibility", "hidden");
    const step = this.#svg.clientWidth / this.#count;
    const [start, end] = [Math.min(...this.#chosen), Math.max(...this.#chosen)];
    this.#brush.setAttribute("x", start * step);
    this.#brush.setAttribute("width", (end - start + 1) * step);
    this.#brush.setAttribute("visibility", "visible");
  }

  #apply() {
    if (!this.#chosen) return;
    const [start, end] = [Math.min(...this.#chosen), Math.max(...this.#chosen)];
    const { from, width } = this.#summary;
    this.#choose(null);
    this.#onBrush(from + start * width, from + (end + 1) * width - 1);
  }

  #key(event) {
    if (!this.#summary || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      const last = this.#count - 1;
      const [anchor, here] = this.#chosen ?? [last + 1, last + (step < 0 ? 1 : 0)];
      const next = Math.max(0, Math.min(last, here + step));
      this.#choose(event.shiftKey && this.#chosen ? anchor : next, next);
    } else if (event.key === "Enter" && this.#chosen) {
      this.#apply();
    } else if (event.key === "Escape" && this.#chosen) {
      this.#choose(null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Says what a range of buckets holds. */
  #tell(start, end) {
    if (start === null) return this.#note.replaceChildren();
    const { from, width, buckets } = this.#summary;
    const [begin, stop] = [from + start * width, from + (end + 1) * width];
    const levels = {};
    for (const [time, counts] of Object.entries(buckets)) {
      if (Number(time) < begin || Number(time) >= stop) continue;
      for (const [level, count] of Object.entries(counts)) levels[level] = (levels[level] ?? 0) + count;
    }
    const parts = LEVELS.toReversed().filter((level) => levels[level]).map((level) => `${number.format(levels[level])} ${level}`);
    // The note does not cover the selected range.
    this.#note.classList.toggle("start", start + end > this.#count);
    const times = [begin, stop].map((time) => moment(time, width < 1_000));
    this.#note.textContent = `${times.join(" – ")}: ${parts.join(", ") || "no entries"}`;
  }
}

const sum = (levels) => Object.values(levels).reduce((total, count) => total + count, 0);
