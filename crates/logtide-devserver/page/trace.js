// A trace as a waterfall: a row for each span, on a common time.

import { duration, full, short } from "./clock.js";
import { button, element } from "./element.js";
import { metadata } from "./metadata.js";

/** Shows a trace; `onEntry(line)` receives the selected entry, and `onFilter()` a request to show only this trace. */
export function waterfall({ spans, lines, more }, { current, onEntry, onFilter }) {
  const [start, end] = extent(spans, lines);
  const whole = Math.max(1, end - start);
  const place = (time) => `${((time - start) / whole) * 100}%`;
  const rows = tree(spans).flatMap(({ span, depth }) => spanRow(span, depth, { place, start, whole, lines, onEntry, current }));
  const loose = lines.filter(({ span }) => !spans.some(({ id }) => id === span));
  if (loose.length > 0) {
    const track = element("div", { class: "track" }, dots(loose, { place, start, onEntry, current }));
    rows.push(element("div", { class: "span" }, element("div", { class: "label" }, element("i", {}, "entries of no span")), track));
  }
  const counts = `${count(spans.length, "span")}, ${count(lines.length, "entry", "entries")}, ${duration(end - start)}`;
  const head = element(
    "div",
    { class: "head" },
    element("h3", {}, "Trace"),
    element("span", {}, more ? `the first ${counts}` : counts),
    element("time", {}, `from ${full(start)}`),
    onFilter ? button("Show only its entries", onFilter) : null,
  );
  const scale = element(
    "div",
    { class: "span scale", "aria-hidden": "true" },
    element("div", { class: "label" }),
    element("div", { class: "track" }, [0, 0.25, 0.5, 0.75].map((part) => {
      const label = element("span", {}, duration(Math.round(whole * part)));
      label.style.left = `${part * 100}%`;
      return label;
    })),
  );
  return element("section", { class: "trace" }, head, scale, rows);
}

function spanRow(span, depth, { place, start, whole, lines, onEntry, current }) {
  const bar = element("span", { class: "bar" });
  bar.style.left = place(span.start);
  bar.style.width = `max(2px, ${((span.end - span.start) / whole) * 100}%)`;
  const own = lines.filter((line) => line.span === span.id);
  const took = element("span", { class: "took" }, duration(span.end - span.start));
  const track = element("div", { class: "track" }, bar, dots(own, { place, start, onEntry, current }));
  const label = button(span.name, () => toggle(), { class: "name", "aria-expanded": "false", title: `${span.service}: ${span.name}` });
  const name = element("div", { class: "label" }, element("span", { class: "service" }, span.service), label);
  name.style.paddingInlineStart = `${Math.min(depth, 12) * 0.9}rem`;
  const row = element("div", { class: `span${span.status === "ERROR" ? " failed" : ""}` }, name, track, took);
  let more = null;
  function toggle() {
    label.setAttribute("aria-expanded", more === null);
    if (more) {
      more.remove();
      more = null;
      return;
    }
    const facts = { id: span.id, kind: span.kind, status: span.status, reason: span.reason, ...span.attributes };
    for (const key of ["kind", "status", "reason"]) if (!facts[key]) delete facts[key];
    const events = Array.isArray(span.events) && span.events.length ? { events: span.events } : {};
    more = element("div", { class: "attributes" }, metadata({ ...facts, ...events }));
    row.after(more);
  }
  return [row];
}

/** The entries of a span as dots on its bar. */
function dots(lines, { place, start, onEntry, current }) {
  return lines.map((line) => {
    const label = `${line.level}, ${duration(line.time - start)} after the start: ${line.message}`;
    const dot = button("", () => onEntry(line), { class: "dot", "data-level": line.level, "aria-label": label, title: `${short(line.time)} ${line.message}` });
    dot.style.left = place(line.time);
    if (line.sequence === current) dot.setAttribute("aria-current", "true");
    return dot;
  });
}

/** Spans below their parents. Spans whose parent is missing, or that are their own ancestors, become roots. */
function tree(spans) {
  const ids = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(spans, ({ parent }) => (ids.has(parent) ? parent : null));
  const [rows, seen] = [[], new Set()];
  const visit = (roots) => {
    const stack = roots.map((span) => ({ span, depth: 0 })).reverse();
    while (stack.length > 0) {
      const { span, depth } = stack.pop();
      if (seen.has(span)) continue;
      seen.add(span);
      rows.push({ span, depth });
      for (const child of (children.get(span.id) ?? []).toReversed()) stack.push({ span: child, depth: depth + 1 });
    }
  };
  visit(children.get(null) ?? []);
  for (const span of spans) if (!seen.has(span)) visit([span]);
  return rows;
}

function extent(spans, lines) {
  let [start, end] = [Infinity, -Infinity];
  for (const span of spans) [start, end] = [Math.min(start, span.start), Math.max(end, span.end)];
  for (const line of lines) [start, end] = [Math.min(start, line.time), Math.max(end, line.time)];
  return start <= end ? [start, end] : [0, 0];
}

const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
