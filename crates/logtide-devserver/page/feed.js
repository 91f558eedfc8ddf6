// Requests to the server.

/** Entries of a search, newest first, those before `place` if it is given. */
export function lines(parameters, { place, limit, signal }) {
  const query = new URLSearchParams(parameters);
  query.set("limit", limit);
  if (place) {
    query.set("time", place.time);
    query.set("sequence", place.sequence);
  }
  return read(`/_page/entries?${query}`, signal);
}

/** All fields of one entry. */
export const entry = (sequence, signal) => read(`/_page/entries/${sequence}`, signal, exact);

/** Spans and entries of a trace. */
export const trace = (id, signal) => read(`/_page/trace/${encodeURIComponent(id)}`, signal, exact);

/** Counts of a search. */
export const summary = (parameters, signal) => read(`/_page/summary?${parameters}`, signal);

/** Follows a search until it is closed. */
export class Follow {
  #source;
  #content;

  constructor(parameters, { last, content }, { onLines, onReset, onState }) {
    this.#content = content;
    const query = new URLSearchParams(parameters);
    query.set("after", last);
    this.#source = new EventSource(`/_page/live?${query}`);
    this.#source.onerror = () => onState(false);
    this.#source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "lines") onLines(event.lines);
      else if (event.type === "reset") onReset();
      else if (event.type === "hello") {
        // A restart of the server may restart the numbers of entries, and a reset removes the entries shown.
        if (this.#content !== event.content) onReset();
        this.#content = event.content;
        onState(true);
      }
    };
  }

  close() {
    this.#source.close();
  }
}

async function read(path, signal, reviver) {
  let response;
  try {
    response = await fetch(path, { signal, credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached. Is `logtide dev` running?");
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text, reviver);
  let reason = "";
  try {
    const body = JSON.parse(text);
    reason = body.message ?? body.error;
  } catch {
    reason = response.statusText;
  }
  throw new Error(`The server refused the search: ${reason}`);
}

/** A number that JavaScript cannot represent, as it was written. */
export class Exact {
  constructor(text) {
    this.text = text;
  }
  toJSON() {
    return JSON.rawJSON ? JSON.rawJSON(this.text) : this.text;
  }
}

function exact(_key, value, context) {
  if (typeof value !== "number" || context?.source === undefined) return value;
  const integer = /^-?\d+$/.test(context.source);
  return integer && !Number.isSafeInteger(value) ? new Exact(context.source) : value;
}
