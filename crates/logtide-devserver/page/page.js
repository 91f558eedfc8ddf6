// The page: connects its parts, and searches when one of them asks for it.

import { zone } from "./clock.js";
import { detail } from "./detail.js";
import { button, element } from "./element.js";
import { Entries } from "./entries.js";
import { Follow, lines, summary } from "./feed.js";
import { Filter, LEVELS } from "./filter.js";
import { bindHelp } from "./help.js";
import { Histogram } from "./histogram.js";
import { bindKeys } from "./keyboard.js";
import { Levels } from "./levels.js";
import { List } from "./list.js";
import { Range } from "./range.js";
import { Services } from "./services.js";
import { bindTheme } from "./theme.js";

/** The most entries kept while new ones arrive; twice as many while older ones are read. */
const KEPT = 100_000;

/** The entries of the first request, which should be fast, and of later ones. */
const [FIRST, PART] = [500, 2_000];

/** The delay after the last key in the search box, in milliseconds. */
const TYPING = 250;

/** The interval in milliseconds for counting a range up to the current time again, if nothing arrives. */
const STALE = 10_000;

/** The least time between two counts, in milliseconds, and as a multiple of the time that the last one took. */
const [COUNT_PAUSE, COUNT_SHARE] = [1_000, 20];

const number = new Intl.NumberFormat("en");
const $ = (id) => document.getElementById(id);

const entries = new Entries();
const list = new List($("list"), entries, { makeDetail, onSelect: showNewer });
const histogram = new Histogram($("histogram"), fix);
const levels = new Levels($("levels"), chooseLevel);
const services = new Services($("services"), chooseService);
const range = new Range($("range"), { onSpan: chooseSpan, onFixed: fix });

let filter = Filter.ofHash(location.hash);
let live = filter.open;
let running = new AbortController();
let follow = null;
let complete = false;
let newer = 0;
let total = null;
let connected = true;
let counting = null;
let typing = null;

const bindings = [
  { keys: ["/"], does: "go to the search box", run: () => $("query").select() },
  { keys: ["j", "ArrowDown"], does: "next entry", run: () => list.move(1) },
  { keys: ["k", "ArrowUp"], does: "previous entry", run: () => list.move(-1) },
  { keys: ["PageDown", " "], does: "a page on", run: () => list.move(list.page) },
  { keys: ["PageUp"], does: "a page back", run: () => list.move(-list.page) },
  { keys: ["g", "Home"], does: "newest entry, and follow", run: goToNewest },
  { keys: ["G", "End"], does: "oldest loaded entry", run: () => list.move(Infinity) },
  { keys: ["Enter", "o"], does: "open or close the entry", run: () => list.toggle() },
  { keys: ["t"], does: "show the trace of the entry", run: openTrace },
  { keys: ["y"], does: "copy the open entry as JSON", run: () => document.querySelector(".detail .copy")?.click() },
  { keys: ["1", "2", "3", "4", "5"], does: "debug, info, warn, error, critical and above", run: ({ key }) => chooseLevel(LEVELS[key - 1]) },
  { keys: ["h"], does: "go to the histogram", run: () => $("histogram").focus() },
  { keys: ["l"], does: "follow new entries, or stop", run: toggleLive },
  { keys: ["d"], does: "theme: as the system, light, dark", run: () => $("theme").click() },
  { keys: ["Escape"], does: "close, deselect, and back to the latest", run: escape },
  { keys: ["?"], does: "this help", run: () => toggleHelp() },
];
const toggleHelp = bindHelp($("help"), $("help-open"), bindings);

bindTheme($("theme"));
bindKeys(bindings);
$("zone").textContent = `Time (${zone()})`;
$("live").addEventListener("click", toggleLive);
$("newer").addEventListener("click", goToNewest);
$("query").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(query, TYPING);
});
$("query").addEventListener("keydown", ({ key }) => {
  if (key !== "Enter") return;
  query();
  $("list").focus();
});
addEventListener("hashchange", () => {
  if (location.hash === address()) return;
  filter = Filter.ofHash(location.hash);
  $("query").value = filter.query;
  live = filter.open;
  search();
});
setInterval(() => live && !document.hidden && recount(), STALE);
search();

/** Starts a new search with the current filter. */
async function search() {
  clearTimeout(typing);
  running.abort();
  running = new AbortController();
  const { signal } = running;
  follow?.close();
  follow = null;
  complete = false;
  newer = 0;
  total = null;
  show();
  const parameters = filter.parameters();
  try {
    const first = await lines(parameters, { limit: FIRST, signal });
    entries.clear();
    entries.add(first.lines);
    complete = !first.more;
    list.reset();
    trouble("");
    if (live) start(parameters, first);
    count();
    show();
    fill(parameters, signal).catch(report);
  } catch (error) {
    report(error);
  }
}

/** Loads older entries until all are loaded, or as many as are kept. */
async function fill(parameters, signal) {
  while (!complete && entries.length < KEPT) {
    const part = await lines(parameters, { place: entries.oldest, limit: PART, signal });
    entries.add(part.lines);
    complete = !part.more;
    list.update();
    show();
    // Lets the browser draw and handle keys between two parts.
    await new Promise(requestAnimationFrame);
  }
}

function start(parameters, { last, content }) {
  // A followed search has no start, which would be the moment when following began.
  const open = new URLSearchParams(parameters);
  open.delete("from");
  follow = new Follow(open, { last, content }, {
    onLines(arrived) {
      const added = entries.add(arrived);
      if (added === 0) return;
      if (list.follows) {
        if (entries.trim(KEPT)) complete = false;
      } else {
        newer += added;
      }
      list.update();
      show();
      recount();
      if (entries.length >= 2 * KEPT) stop("Stopped following: too many new entries came while older ones were read.");
    },
    onReset: search,
    onState(up) {
      connected = up;
      show();
    },
  });
}

function stop(reason) {
  live = false;
  follow?.close();
  follow = null;
  trouble(reason);
  show();
}

/** Counts, and draws the counts. */
async function count() {
  clearTimeout(counting);
  counting = null;
  const { signal } = running;
  const began = performance.now();
  try {
    const found = await summary(filter.parameters(), signal);
    total = found.total;
    histogram.show(found);
    levels.show(effectiveLevel(), found.levels);
    services.show(filter.services, found.services);
    show();
  } catch (error) {
    report(error);
  }
  count.pause = Math.max(COUNT_PAUSE, COUNT_SHARE * (performance.now() - began));
}

/** Counts again soon, but not more often than the server can handle. */
function recount() {
  counting ??= setTimeout(count, count.pause ?? COUNT_PAUSE);
}

function show() {
  if (document.activeElement !== $("query")) $("query").value = filter.query;
  range.show(filter);
  $("live").setAttribute("aria-pressed", live);
  $("live").classList.toggle("down", live && !connected);
  $("live").textContent = live && !connected ? "Reconnecting…" : "Live";
  if (location.hash !== address()) history.replaceState(null, "", address() || location.pathname);
  const loaded = number.format(entries.length);
  const cut = !complete && entries.length >= KEPT ? `; the newest ${loaded} are listed` : "";
  const found = Math.max(total ?? 0, complete ? entries.length : 0);
  $("status").textContent = total === null ? "Searching…" : `${number.format(found)} ${found === 1 ? "entry" : "entries"}${cut}`;
  showNewer();
  showEmpty();
}

/** The part of the URL that stores the filter. */
function address() {
  const hash = filter.hash();
  return hash && `#${hash}`;
}

function showNewer() {
  if (list.follows) newer = 0;
  $("newer").hidden = newer === 0;
  $("newer").textContent = `↑ ${number.format(newer)} new`;
}

function showEmpty() {
  const empty = $("empty");
  empty.hidden = entries.length > 0 || total === null;
  if (empty.hidden) return;
  const narrowed = filter.query || filter.level || filter.services.size > 0;
  const bounded = !filter.open || filter.span !== "all";
  empty.replaceChildren(
    element("p", {}, narrowed ? "No entries match." : bounded ? "No entries in this time." : "No entries yet."),
    narrowed ? button("Remove the filters", () => apply({ query: "", level: "", services: new Set() })) : "",
    bounded ? button("Search all time", () => chooseSpan("all")) : "",
    element("p", { class: "hint" }, "Send one: ", element("code", {}, "logtide send --service try 'hello'"), ", with the DSN that ", element("code", {}, "logtide dev"), " printed."),
  );
}

function trouble(text) {
  $("trouble").textContent = text;
}

/** Shows why something failed, unless a later search replaced it. */
function report(error) {
  if (error.name === "AbortError") return;
  trouble(error.message);
  show();
}

function apply(changes) {
  Object.assign(filter, changes);
  if (!filter.open) live = false;
  if ("query" in changes) $("query").value = filter.query;
  else if (address() !== location.hash) history.pushState(null, "", address() || location.pathname);
  search();
}

function query() {
  if ($("query").value !== filter.query) apply({ query: $("query").value });
}

function effectiveLevel() {
  return filter.parameters().get("level") ?? "";
}

/** Sets the lowest level, or removes it if it is already set. */
function chooseLevel(level) {
  apply({ level: level === "debug" || level === filter.level ? "" : level });
}

function chooseService(name) {
  const chosen = new Set(filter.services);
  if (!chosen.delete(name)) chosen.add(name);
  apply({ services: chosen });
}

/** A range up to the current time; null is the previous one. */
function chooseSpan(name) {
  live = true;
  apply({ span: name ?? filter.span, from: null, to: null });
}

function fix(from, to) {
  apply({ from, to });
}

function toggleLive() {
  if (!filter.open) return chooseSpan(null);
  live = !live;
  if (live) search();
  else stop("");
}

function goToNewest() {
  list.reset();
  show();
}

function escape() {
  if (document.activeElement === $("query")) {
    query();
    $("list").focus();
  } else if (list.opened) list.close();
  else if (list.selected) list.reset();
  else if (!filter.open) chooseSpan(null);
}

function makeDetail(line) {
  return detail(line, {
    onClose: () => list.close(),
    onFilter(key, value) {
      const changed = Object.assign(new Filter(), filter);
      changed.add(key, value);
      apply({ query: changed.query });
    },
    onEntry: (other) => openEntry(other, line.trace),
  });
}

function openTrace() {
  if (!list.selected) return;
  if (list.opened !== list.selected) list.toggle();
  const open = document.querySelector(".detail");
  if (open?.entry) open.showTrace();
  else if (open) open.wantsTrace = true;
}

/** Opens an entry of a trace, among all entries of that trace if it is not listed. */
async function openEntry({ time, sequence }, trace) {
  const find = () => {
    const line = entries.at(entries.indexOf({ time, sequence }));
    return line?.sequence === sequence ? line : undefined;
  };
  let line = find();
  if (!line) {
    Object.assign(filter, { query: `trace=${trace}`, level: "", services: new Set(), span: "all", from: null, to: null });
    $("query").value = filter.query;
    await search();
    line = find();
  }
  if (line && list.opened !== line) list.toggle(line);
}
