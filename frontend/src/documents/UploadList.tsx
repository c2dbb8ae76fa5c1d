/** What is on its way to the server, and how far it is. */
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SmallButton } from "../shell/Pane";
import { forget, type Upload, useUploads } from "./upload";

export function UploadList() {
  const { t } = useTranslation();
  const uploads = useUploads((state) => state.uploads);
  if (uploads.length === 0) return null;
  return (
    <ul aria-label={t("documents.uploads")} aria-live="polite" className="space-y-2">
      {uploads.map((each) => (
        <Progress key={each.key} upload={each} />
      ))}
    </ul>
  );
}

function Progress({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const failed = upload.stage === "failed";
  const share = {
    sending: upload.sent * 0.5,
    fetching: 0.25,
    received: 0.5,
    reading: 0.65,
    indexing: 0.85,
    done: 1,
    failed: 0,
  };
  return (
    <li className={`rounded-2xl px-4 py-3 text-sm ${failed ? "bg-warn-soft text-warn" : "bg-sunken"}`}>
      <div className="flex items-center gap-3">
        <span className="min-w-0 grow truncate font-medium">{upload.name}</span>
        <span>{t(`documents.stage.${upload.stage}`)}</span>
        {(failed || upload.stage === "done") && (
          <SmallButton label={t("problem.dismiss")} onClick={() => forget(upload.key)}>
            <X size={16} aria-hidden="true" />
          </SmallButton>
        )}
      </div>
      {failed ? (
        <p className="mt-1">{upload.error}</p>
      ) : (
        <progress
          aria-label={upload.name}
          className="mt-2 h-1.5 w-full overflow-hidden rounded-full accent-voice"
          max={1}
          value={share[upload.stage]}
        />
      )}
      {upload.note && (
        <p className="mt-1" dir="auto">
          {upload.note}
        </p>
      )}
    </li>
  );
}
