// The filter of a search.

export const LEVELS = ["debug", "info", "warn", "error", "critical"];

/** The ranges up to the current time, in milliseconds; `all` has no start. */
export const SPANS = {
  "5m": 300_000, "15m": 900_000, "1h": 3_600_000, "6h": 21_600_000, "24h": 86_400_000, "7d": 604_800_000, all: Infinity,
};

export class Filter {
  /** The search box as it was typed. */
  query = "";
  /** The lowest level shown; empty for all. */
  level = "";
  services = new Set();
  /** A key of SPANS, which counts unless `from` and `to` are set. */
  span = "1h";
  /** Milliseconds since the epoch; null where the range ends now. */
  from = null;
  to = null;

  /** Whether new entries can belong to it. */
  get open() {
    return this.to === null;
  }

  /** The query string of requests; it names what is searched, and no key. */
  parameters(now = Date.now()) {
    const { text, fields, trace, services, level } = parse(this.query);
    const parameters = new URLSearchParams();
    if (text) parameters.set("text", text);
    if (level || this.level) parameters.set("level", level || this.level);
    if (trace) parameters.set("trace", trace);
    for (const service of new Set([...this.services, ...services])) parameters.append("service", service);
    for (const [key, value] of fields) parameters.append("field", `${key}=${value}`);
    const from = this.open && this.span !== "all" ? now - SPANS[this.span] : this.from;
    if (from !== null) parameters.set("from", Math.round(from));
    if (this.to !== null) parameters.set("to", Math.round(this.to));
    return parameters;
  }

  /** The part of the address after `#`, which browsers do not send. */
  hash() {
    const hash = new URLSearchParams();
    if (this.query) hash.set("q", this.query);
    if (this.level) hash.set("level", this.level);
    for (const service of this.services) hash.append("service", service);
    if (this.span !== "1h") hash.set("span", this.span);
    if (this.to !== null) {
      hash.set("from", this.from);
      hash.set("to", this.to);
    }
    return hash.toString();
  }

  static ofHash(text) {
    const hash = new URLSearchParams(text.replace(/^#/, ""));
    const filter = new Filter();
    filter.query = hash.get("q") ?? "";
    if (LEVELS.includes(hash.get("level"))) filter.level = hash.get("level");
    filter.services = new Set(hash.getAll("service"));
    if (Object.hasOwn(SPANS, hash.get("span") ?? "")) filter.span = hash.get("span");
    const [from, to] = [Number(hash.get("from")), Number(hash.get("to"))];
    if (hash.has("to") && Number.isFinite(from) && Number.isFinite(to)) Object.assign(filter, { from, to });
    return filter;
  }

  /** Adds `key=value` to the search box. */
  add(key, value) {
    const quoted = /[\s"]/.test(value) || value === "" ? `"${value.replaceAll('"', "")}"` : value;
    const token = `${key}=${quoted}`;
    if (!this.query.split(/\s+/).includes(token)) this.query = `${this.query.trim()} ${token}`.trim();
  }
}

/** `key=value`, where the value may be quoted, a quoted text, or a word. */
const TOKEN = /([\p{L}_@][\p{L}\p{N}_.@/-]*)=("[^"]*"?|\S+)|"([^"]*)"?|\S+/gu;

/** Splits a search box: `key=value` filters, quoted or bare words are text. */
export function parse(query) {
  const found = { words: [], fields: [], trace: "", services: [], level: "" };
  for (const [token, key, value, words] of query.matchAll(TOKEN)) {
    const plain = value?.replace(/^"|"$/g, "");
    if (key === undefined) found.words.push(words ?? token);
    else if (key === "trace") found.trace = plain;
    else if (key === "service") found.services.push(plain);
    else if (key === "level" && LEVELS.includes(plain)) found.level = plain;
    else found.fields.push([key, plain]);
  }
  return { ...found, text: found.words.join(" ").trim() };
}
