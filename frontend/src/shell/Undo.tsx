/** Says what was just done, and takes it back. */

import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { Button } from "./Pane";

interface Offer {
  text: string;
  undo: (() => void) | null;
}

const useOffer = create<{ offer: Offer | null }>()(() => ({ offer: null }));
const SHOWN_MS = 10_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, undo: (() => void) | null = null): void {
  clearTimeout(timer);
  useOffer.setState({ offer: { text, undo } });
  timer = setTimeout(() => useOffer.setState({ offer: null }), SHOWN_MS);
}

export function Undo() {
  const { t } = useTranslation();
  const { offer } = useOffer();
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 top-4 z-20 flex justify-center">
      {offer && (
        <div className="pointer-events-auto flex items-center gap-3 rounded-3xl border border-line bg-card py-2 ps-5 pe-2 text-sm shadow-lg">
          <span className="line-clamp-2 py-1" dir="auto">
            {offer.text}
          </span>
          {offer.undo && (
            <Button
              kind="quiet"
              onClick={() => {
                offer.undo?.();
                useOffer.setState({ offer: null });
              }}
            >
              {t("undo")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
