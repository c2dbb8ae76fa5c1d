import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { initialize, preferredLanguage } from "./i18n";
import { applyTheme } from "./shell/appearance";
import { start } from "./state/page";
import { useSettings } from "./state/settings";
import { assistant } from "./state/talk";
import "./styles/app.css";

applyTheme(useSettings.getState().settings);
useSettings.subscribe(({ settings }) => applyTheme(settings));

declare global {
  interface Window {
    /** The levels of both voices, to be measured from outside. */
    vasi: { levels: typeof assistant.levels };
  }
}
window.vasi = { levels: assistant.levels };
start();

await initialize(preferredLanguage(useSettings.getState().settings.interface));
const root = createRoot(document.getElementById("root") as HTMLElement);
// In slices, so that a slow phone answers a touch meanwhile.
startTransition(() =>
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
