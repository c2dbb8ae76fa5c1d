/** Theme, motion and caption size, as attributes of the page that the style sheet reads. */
import type { Settings } from "../state/settings";

const dark = matchMedia("(prefers-color-scheme: dark)");
let chosen: Settings["theme"] = "system";

function paint(): void {
  const theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset.theme = theme;
}

dark.addEventListener("change", paint);

export function applyTheme(settings: Settings): void {
  chosen = settings.theme;
  paint();
  document.documentElement.dataset.motion = settings.motion;
  document.documentElement.dataset.captions = settings.captions;
}
