import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { begin, preferred } from "./i18n";
import { dress } from "./shell/appearance";
import { useSettings } from "./state/settings";
import "./styles/app.css";

dress(useSettings.getState().settings);
useSettings.subscribe(({ settings }) => dress(settings));

await begin(preferred(useSettings.getState().settings.interface));
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
