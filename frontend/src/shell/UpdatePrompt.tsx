/** A new version waits until the user takes it, and is never offered while somebody talks. */

import { registerSW } from "virtual:pwa-register";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConversation } from "../state/talk";

export function UpdatePrompt() {
  const { t } = useTranslation();
  const [update, setUpdate] = useState<(() => Promise<void>) | null>(null);
  const talking = useConversation((state) => state.link !== "closed");

  useEffect(() => {
    const apply = registerSW({ onNeedRefresh: () => setUpdate(() => () => apply(true)) });
  }, []);

  if (!update || talking) return null;
  return (
    <div
      role="status"
      className="fixed inset-x-4 bottom-20 z-10 mx-auto flex max-w-md items-center gap-4 rounded-2xl border border-line bg-card p-4 shadow-lg md:bottom-4"
    >
      <p className="grow text-sm">{t("update.ready")}</p>
      <button
        type="button"
        className="rounded-full bg-voice px-4 py-1.5 text-sm font-medium text-voice-ink"
        onClick={() => void update()}
      >
        {t("update.take")}
      </button>
    </div>
  );
}
