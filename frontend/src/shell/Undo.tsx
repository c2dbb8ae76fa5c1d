/** Says what was just done, and takes it back. */

import { useTranslation } from "react-i18next";
import { dismissNotice, useNotice } from "../state/notice";
import { Button } from "./Pane";

export function Undo() {
  const { t } = useTranslation();
  const { notice } = useNotice();
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 top-4 z-20 flex justify-center">
      {notice && (
        <div className="pointer-events-auto flex items-center gap-3 rounded-3xl border border-line bg-card py-2 ps-5 pe-2 text-sm shadow-lg">
          <span className="line-clamp-2 py-1" dir="auto">
            {notice.text}
          </span>
          {notice.undo && (
            <Button
              kind="quiet"
              onClick={() => {
                notice.undo?.();
                dismissNotice();
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
