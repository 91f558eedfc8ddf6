// Keyboard shortcuts, which the help lists too.

/** Listens for keys; each binding has `keys`, what it `does`, and `run`. */
export function bindKeys(bindings) {
  const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding])));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const binding = byKey.get(event.key);
    if (!binding || (document.querySelector("dialog[open]") && event.key !== "?")) return;
    const types = event.target.closest("input, select, textarea");
    if (types && event.key !== "Escape") return;
    // Space and Enter activate a focused button.
    if (event.target.closest("button") && (event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    binding.run(event);
  });
}
