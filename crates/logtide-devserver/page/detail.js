// The content of an open entry: message, error, metadata and trace.

import { full } from "./clock.js";
import { button, copy, element } from "./element.js";
import { exception } from "./exception.js";
import { entry as readEntry, trace as readTrace } from "./feed.js";
import { cut, metadata } from "./metadata.js";
import { waterfall } from "./trace.js";

/** The element of an open entry, which is filled when the entry has loaded. */
export function detail(line, { onClose, onFilter, onEntry }) {
  const place = element("div", { class: "detail", role: "region", "aria-label": "Entry", "aria-busy": "true" }, "Loading…");
  const trace = element("div", { class: "traced" });
  place.showTrace = () => showTrace(line, trace, { onEntry, onFilter });
  readEntry(line.sequence).then(
    (entry) => {
      place.entry = entry;
      place.replaceChildren(...parts(entry, { place, onClose, onFilter }), trace);
      place.removeAttribute("aria-busy");
      if (line.trace && place.wantsTrace) place.showTrace();
    },
    (error) => place.replaceChildren(element("p", { class: "failed" }, error.message)),
  );
  return place;
}

function parts(entry, { place, onClose, onFilter }) {
  const { message, metadata: fields } = entry;
  const actions = element(
    "div",
    { class: "actions" },
    button("Copy as JSON", ({ target }) => copy(JSON.stringify(shareable(entry), null, 2), target), { title: "Copy as JSON (y)", class: "copy" }),
    entry.trace ? button("Show trace", () => place.showTrace(), { title: "Show trace (t)", class: "show-trace" }) : null,
    button("Close", onClose, { title: "Close (Enter)" }),
  );
  const ids = { trace: entry.trace, span: entry.span, session: entry.session, id: entry.id };
  const facts = element(
    "dl",
    {},
    [["time", full(entry.time)], ["service", entry.service], ...Object.entries(ids)]
      .filter(([, value]) => value)
      .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
  const error = exception(fields);
  const object = fields !== null && typeof fields === "object" && !Array.isArray(fields) ? { ...fields } : null;
  if (error && object) delete object.exception;
  return [
    actions,
    element("pre", { class: "message" }, cut(message)),
    ...(error ? [error] : []),
    ...(object && Object.keys(object).length > 0 ? [metadata(object, onFilter)] : []),
    facts,
  ];
}

async function showTrace(line, place, { onEntry, onFilter }) {
  if (!line.trace || place.hasAttribute("aria-busy")) return;
  if (place.hasChildNodes()) return place.replaceChildren();
  place.setAttribute("aria-busy", "true");
  try {
    const found = await readTrace(line.trace);
    const onlyIt = () => onFilter("trace", line.trace);
    place.replaceChildren(waterfall(found, { current: line.sequence, onEntry, onFilter: onlyIt }));
  } catch (error) {
    place.replaceChildren(element("p", { class: "failed" }, error.message));
  }
  place.removeAttribute("aria-busy");
}

/** An entry in the form in which it can be sent again. */
function shareable({ time, service, level, message, metadata, trace, span, session }) {
  const entry = { time: new Date(time).toISOString(), service, level, message, metadata, trace_id: trace, span_id: span, session_id: session };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}
