import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { initialize, preferredLanguage, setLanguage } from "./i18n";
import { applyTheme } from "./shell/appearance";
import { begin } from "./state/account";
import { start } from "./state/page";
import { followPreferences } from "./state/preferences";
import { useSettings } from "./state/settings";
import { assistant } from "./state/talk";
import "./styles/app.css";

applyTheme(useSettings.getState().settings);
useSettings.subscribe(({ settings }, before) => {
  applyTheme(settings);
  if (settings.interface !== before.settings.interface)
    void setLanguage(preferredLanguage(settings.interface));
});

declare global {
  interface Window {
    /** The levels of both voices, to be measured from outside. */
    vasi: { levels: typeof assistant.levels };
  }
}
window.vasi = { levels: assistant.levels };
start();

await Promise.all([begin(), initialize(preferredLanguage(useSettings.getState().settings.interface))]);
void followPreferences();
const root = createRoot(document.getElementById("root") as HTMLElement);
// In slices, so that a slow phone answers a touch meanwhile.
startTransition(() =>
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
