// A long list with few elements: the document contains only the lines in view, and a few around them.

import { short } from "./clock.js";
import { element } from "./element.js";

/** Lines beyond each edge of the view. */
const AROUND = 10;

/** The distance from the top, in pixels, within which the list shows new entries as they arrive. */
const TOP = 4;

export class List {
  #scroller;
  #canvas = element("div", { class: "canvas" });
  #entries;
  #makeDetail;
  #onSelect;
  /** The elements in the document, by entry: numbers of entries begin anew when the server does. */
  #shown = new Map();
  #spare = [];
  #height = 26;
  #selected = null;
  #open = null;
  #detail = null;
  #detailHeight = 0;
  #room = 0;
  #anchor = null;
  #frame = 0;
  #resized;

  /** `makeDetail(line)` makes what an open entry shows, `onSelect()` is told when following stops or goes on. */
  constructor(scroller, entries, { makeDetail, onSelect }) {
    this.#scroller = scroller;
    this.#entries = entries;
    this.#makeDetail = makeDetail;
    this.#onSelect = onSelect;
    scroller.append(this.#canvas);
    scroller.addEventListener("scroll", () => this.#schedule(), { passive: true });
    this.#canvas.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#measure()).observe(scroller);
    this.#resized = new ResizeObserver(() => this.#grow());
  }

  get selected() {
    return this.#selected;
  }

  get opened() {
    return this.#open;
  }

  /** Whether new entries move the list, because nothing of it is being read. */
  get follows() {
    return this.#scroller.scrollTop <= TOP && this.#selected === null;
  }

  /** Shows the entries after they changed, with what is being read where it was. */
  update() {
    const { line, offset } = this.follows ? {} : (this.#anchor ?? {});
    const top = line ? this.#top(this.#entries.indexOf(line)) - offset : 0;
    // Space below the last line, so that a list shorter than the screen keeps its position.
    this.#room = Math.max(0, top + this.#scroller.clientHeight - this.#content);
    this.#resize();
    if (line) this.#scroller.scrollTop = top;
    this.#schedule();
  }

  /** Opens nothing, selects nothing, and goes to the newest entry. */
  reset() {
    this.close();
    this.#select(null);
    this.#anchor = null;
    this.#scroller.scrollTop = 0;
    this.update();
  }

  /** Selects the entry this many lines away, or that at an end for an infinite number. */
  move(lines) {
    if (this.#entries.length === 0) return;
    const last = this.#entries.length - 1;
    const first = this.#indexAt(this.#scroller.scrollTop + this.#height / 2);
    const from = this.#selected ? this.#entries.indexOf(this.#selected) : lines > 0 ? first - 1 : first;
    this.show(this.#entries.at(Math.max(0, Math.min(last, from + lines))));
  }

  /** Number of lines in view. */
  get page() {
    return Math.max(1, Math.floor(this.#scroller.clientHeight / this.#height) - 1);
  }

  /** Selects an entry and brings it into view. */
  show(line) {
    this.#select(line);
    const index = this.#entries.indexOf(line);
    const top = this.#top(index);
    const end = top + this.#height + (line === this.#open ? Math.min(this.#detailHeight, this.#scroller.clientHeight - this.#height) : 0);
    const view = this.#scroller;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (end > view.scrollTop + view.clientHeight) view.scrollTop = end - view.clientHeight;
    this.#schedule();
  }

  /** Opens an entry in place, or closes it. */
  toggle(line = this.#selected) {
    if (!line) return;
    const opened = this.#open === line;
    this.close();
    if (opened) return;
    this.#open = line;
    this.#detail = this.#makeDetail(line);
    this.#canvas.append(this.#detail);
    this.#detailHeight = this.#detail.offsetHeight;
    this.#resized.observe(this.#detail);
    this.#resize();
    this.show(line);
  }

  close() {
    if (!this.#open) return;
    this.#resized.disconnect();
    this.#detail.remove();
    this.#open = this.#detail = null;
    this.#detailHeight = 0;
    this.#resize();
    this.#schedule();
  }

  #click(event) {
    const target = event.target.closest(".line");
    // A text that was selected in a line stays selected.
    if (!target || String(getSelection()) !== "") return;
    const line = this.#entries.at(Number(target.dataset.index));
    if (!line) return;
    this.#select(line);
    this.toggle(line);
  }

  #select(line) {
    this.#selected = line;
    if (line) this.#scroller.setAttribute("aria-activedescendant", `line-${line.sequence}`);
    else this.#scroller.removeAttribute("aria-activedescendant");
    this.#onSelect();
  }

  #measure() {
    const height = parseFloat(getComputedStyle(this.#scroller).getPropertyValue("--line"));
    if (height > 0) this.#height = height;
    this.update();
  }

  #grow() {
    const height = this.#detail?.offsetHeight ?? 0;
    if (height === this.#detailHeight) return;
    this.#detailHeight = height;
    this.#resize();
    this.#schedule();
  }

  #resize() {
    this.#canvas.style.height = `${this.#content + this.#room}px`;
  }

  get #content() {
    return this.#entries.length * this.#height + this.#detailHeight;
  }

  #top(index) {
    const after = this.#open && index > this.#entries.indexOf(this.#open);
    return index * this.#height + (after ? this.#detailHeight : 0);
  }

  #indexAt(y) {
    const open = this.#open ? this.#entries.indexOf(this.#open) : Infinity;
    const index = Math.floor(y / this.#height);
    return index <= open ? index : Math.max(open, Math.floor((y - this.#detailHeight) / this.#height));
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render();
    });
  }

  #render() {
    const { scrollTop, clientHeight } = this.#scroller;
    const last = Math.min(this.#entries.length - 1, this.#indexAt(scrollTop + clientHeight) + AROUND);
    const top = Math.max(0, this.#indexAt(scrollTop));
    const first = Math.max(0, top - AROUND);
    const needed = new Map();
    for (let index = first; index <= last; index += 1) needed.set(this.#entries.at(index), index);
    for (const [entry, line] of this.#shown) {
      if (needed.has(entry)) continue;
      this.#shown.delete(entry);
      this.#spare.push(line);
    }
    const now = new Date();
    for (const [entry, index] of needed) {
      let line = this.#shown.get(entry);
      if (!line) {
        line = this.#spare.pop() ?? this.#make();
        this.#fill(line, entry, now);
        this.#shown.set(entry, line);
      }
      line.root.dataset.index = index;
      line.root.style.transform = `translateY(${this.#top(index)}px)`;
      line.root.setAttribute("aria-posinset", index + 1);
      line.root.setAttribute("aria-setsize", this.#entries.length);
      line.root.classList.toggle("selected", entry === this.#selected);
      line.root.classList.toggle("open", entry === this.#open);
      line.root.setAttribute("aria-expanded", entry === this.#open);
    }
    for (const line of this.#spare.splice(0)) line.root.remove();
    if (this.#detail) {
      const y = this.#top(this.#entries.indexOf(this.#open)) + this.#height;
      this.#detail.style.transform = `translateY(${y}px)`;
    }
    const line = this.#entries.at(top);
    this.#anchor = line ? { line, offset: this.#top(top) - scrollTop } : null;
    this.#onSelect();
  }

  #make() {
    const [time, level, service, message] = ["time", "level", "service", "message"].map((name) =>
      element("span", { class: name }),
    );
    const root = element("div", { class: "line", role: "article" }, time, level, service, message);
    this.#canvas.append(root);
    return { root, time, level, service, message };
  }

  #fill({ root, time, level, service, message }, entry, now) {
    root.id = `line-${entry.sequence}`;
    root.dataset.level = entry.level;
    time.textContent = short(entry.time, now);
    level.textContent = entry.level;
    service.textContent = entry.service;
    message.textContent = entry.message;
  }
}
