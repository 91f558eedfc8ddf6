// The help: keyboard shortcuts, and how to search.

import { button, element } from "./element.js";

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", " ": "Space" };

const SEARCH = [
  ["timeout", "messages that contain it, in any case"],
  ["connection refused", "messages that contain these words, together"],
  ["user=42", "entries whose metadata has this value at this key"],
  ['city="New York"', "a value with spaces"],
  ['"a=b"', "messages that contain a=b"],
  ["trace=ID", "entries of a trace"],
  ["service=api level=warn", "a service; a level and those above"],
];

export function bindHelp(dialog, opener, bindings) {
  const keys = bindings.map(({ keys, does }) =>
    element("tr", {}, element("th", { scope: "row" }, keys.map((key) => element("kbd", {}, NAMES[key] ?? key))), element("td", {}, does)),
  );
  const search = SEARCH.map(([example, does]) =>
    element("tr", {}, element("th", { scope: "row" }, element("code", {}, example)), element("td", {}, does)),
  );
  dialog.append(
    element("h2", {}, "Keys"),
    element("table", {}, element("tbody", {}, keys)),
    element("p", {}, "On the histogram: ← and → choose a time, with Shift a range, Enter shows it. With the pointer: drag."),
    element("h2", {}, "Search"),
    element("table", {}, element("tbody", {}, search)),
    button("Close", () => dialog.close()),
  );
  opener.addEventListener("click", () => toggle());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  function toggle() {
    if (dialog.open) dialog.close();
    else dialog.showModal();
  }
  return toggle;
}
