import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { begin, preferred } from "./i18n";
import { dress } from "./shell/appearance";
import { useSettings } from "./state/settings";
import "./styles/app.css";

dress(useSettings.getState().settings);
useSettings.subscribe(({ settings }) => dress(settings));

await begin(preferred(useSettings.getState().settings.interface));
const root = createRoot(document.getElementById("root") as HTMLElement);
// In slices, so that a slow phone answers a touch meanwhile.
startTransition(() =>
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
