// An error with its causes and frames.

import { element } from "./element.js";
import { Exact } from "./feed.js";
import { cut } from "./metadata.js";

/** The most causes that are shown. */
const MOST_CAUSES = 20;

/** The content of `metadata.exception`, or undefined if it cannot be shown. */
export function exception(metadata) {
  const found = metadata?.exception;
  if (typeof found !== "object" || found === null || Array.isArray(found) || found instanceof Exact) return undefined;
  const errors = [];
  for (let error = found; error && typeof error === "object" && errors.length < MOST_CAUSES; error = error.cause) errors.push(error);
  const parts = errors.map((error, index) => single(error, index));
  const raw = typeof found.raw === "string" && !Array.isArray(found.stacktrace) ? [element("pre", {}, cut(found.raw))] : [];
  return element("section", { class: "exception" }, element("h3", {}, "Error"), parts, raw);
}

function single(error, index) {
  const head = element(
    "p",
    {},
    index > 0 ? element("span", { class: "because" }, "caused by ") : null,
    element("strong", {}, String(error.type ?? "Error")),
    error.message ? `: ${error.message}` : "",
  );
  const frames = Array.isArray(error.stacktrace) ? error.stacktrace : [];
  if (frames.length === 0) return head;
  const items = frames.map((frame) => {
    const at = [frame?.file, frame?.line, frame?.column].filter((part) => part !== undefined && part !== null);
    return element(
      "li",
      { class: isOwn(frame?.file) ? "own" : "library" },
      element("code", {}, String(frame?.function ?? "?")),
      at.length ? element("span", { class: "at" }, ` ${at.join(":")}`) : null,
    );
  });
  return [head, element("ol", { class: "frames" }, items)];
}

/** Whether a file belongs to the program, not to a library. */
const isOwn = (file) => typeof file === "string" && !/(^|[\\/])(\.cargo|rustc|vendor|node_modules|site-packages)[\\/]/.test(file);
