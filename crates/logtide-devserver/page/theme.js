// The light or dark theme: that of the system, or the selected one.

const NAMES = ["auto", "light", "dark"];
const LABELS = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" };

let chosen = remembered();
apply();

/** Makes a button select the next theme. */
export function bindTheme(button) {
  const label = () => {
    button.textContent = LABELS[chosen];
    button.title = `Theme: ${chosen === "auto" ? "as the system" : chosen} (d)`;
  };
  button.addEventListener("click", () => {
    chosen = NAMES[(NAMES.indexOf(chosen) + 1) % NAMES.length];
    try {
      localStorage.setItem("logtide-theme", chosen);
    } catch {
      // Without storage, the selection lasts until the page is closed.
    }
    apply();
    label();
  });
  label();
}

function remembered() {
  try {
    const name = localStorage.getItem("logtide-theme");
    return NAMES.includes(name) ? name : "auto";
  } catch {
    return "auto";
  }
}

function apply() {
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
