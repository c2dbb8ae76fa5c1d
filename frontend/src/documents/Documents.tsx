/** What vasi has read: add, replace, remove, and search it as the assistant does. */
import { FileUp, RefreshCw, Trash2, X } from "lucide-react";
import { type DragEvent, useDeferredValue, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { useResource } from "../api/resource";
import type { DocumentInfo, FoundPassage } from "../api/types";
import { explain } from "../i18n/problem";
import { focusScreen } from "../shell/focus";
import { Button, Empty, Notice, Pane, SearchBox, SmallButton } from "../shell/Pane";
import { tell } from "../state/notice";
import { openSource } from "../state/view";
import { forget, type Upload, upload, useUploads } from "./upload";

export default function Documents() {
  const { t } = useTranslation();
  const documents = useResource<{ documents: DocumentInfo[] }>("/documents", "documents");
  const uploads = useUploads((state) => state.uploads);
  const [query, setQuery] = useState("");
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const asked = useDeferredValue(query.trim());
  const shown = documents.answer?.documents ?? [];

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    upload(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping files is a shortcut; the button does the same
    <div
      className={`min-h-full ${over ? "bg-voice-soft" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Pane
        title={t("nav.documents")}
        actions={
          <>
            <Button kind="voice" onClick={() => picker.current?.click()}>
              <FileUp size={16} aria-hidden="true" /> {t("documents.add")}
            </Button>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label={t("documents.add")}
              onChange={(event) => {
                upload(event.target.files ?? []);
                event.target.value = "";
              }}
            />
          </>
        }
      >
        <SearchBox
          label={t("documents.search")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        {asked && <Found query={asked} />}
        <Notice stale={documents.stale} error={documents.error} />
        {uploads.length > 0 && (
          <ul aria-label={t("documents.uploads")} aria-live="polite" className="space-y-2">
            {uploads.map((each) => (
              <Progress key={each.key} upload={each} />
            ))}
          </ul>
        )}
        {documents.answer && shown.length === 0 && <Empty>{t("documents.none")}</Empty>}
        <ul aria-label={t("nav.documents")} className="divide-y divide-line">
          {shown.map((document) => (
            <Entry key={document.id} document={document} />
          ))}
        </ul>
      </Pane>
    </div>
  );
}

function Entry({ document }: { document: DocumentInfo }) {
  const { t, i18n } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const remove = async () => {
    if (!confirm(t("documents.confirm", { name: document.name }))) return;
    try {
      await request("DELETE", `/documents/${document.id}`);
      focusScreen();
      tell(t("documents.removed", { name: document.name }));
    } catch (error) {
      tell(explain(error));
    }
  };
  const size = new Intl.NumberFormat(i18n.language, {
    style: "unit",
    unit: "kilobyte",
    maximumFractionDigits: 0,
  });
  return (
    <li className="flex items-center gap-2 py-3">
      <button
        type="button"
        className="min-w-0 grow text-start"
        onClick={() =>
          openSource({
            id: "",
            kind: "document",
            source_id: document.id,
            document: document.name,
            page: null,
          })
        }
      >
        <span className="block truncate font-medium hover:underline">{document.name}</span>
        <span className="block text-sm text-soft">
          {document.pages ? `${t("documents.pages", { count: document.pages })} · ` : ""}
          {t("documents.passages", { count: document.passages })} ·{" "}
          {size.format(Math.max(1, document.bytes / 1000))}
        </span>
        {document.warnings.map((warning) => (
          <span key={warning} className="block text-sm text-warn" dir="auto">
            {warning}
          </span>
        ))}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={t("documents.replace", { name: document.name })}
        onChange={(event) => {
          upload(event.target.files ?? [], document.id);
          event.target.value = "";
        }}
      />
      <SmallButton
        label={t("documents.replace", { name: document.name })}
        onClick={() => picker.current?.click()}
      >
        <RefreshCw size={16} aria-hidden="true" />
      </SmallButton>
      <SmallButton label={t("documents.remove", { name: document.name })} onClick={() => void remove()}>
        <Trash2 size={16} aria-hidden="true" />
      </SmallButton>
    </li>
  );
}

function Progress({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const failed = upload.stage === "failed";
  const share = {
    sending: upload.sent * 0.5,
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

function Found({ query }: { query: string }) {
  const { t } = useTranslation();
  const parameters = new URLSearchParams({ q: query, limit: "8" });
  const search = useResource<{ found: boolean; passages: FoundPassage[] }>(
    `/search?${parameters}`,
    "documents",
  );
  if (!search.answer) return <Notice stale={false} error={search.error} />;
  const { found, passages } = search.answer;
  return (
    <section aria-label={t("documents.results")} className="space-y-3">
      {!found && <p className="text-sm text-soft">{t("documents.weak")}</p>}
      <ul className="space-y-3">
        {passages.map((passage) => (
          <li key={passage.id}>
            <button
              type="button"
              onClick={() => openSource(passage)}
              className="w-full space-y-1 rounded-2xl border border-line bg-card p-4 text-start hover:border-voice"
            >
              <span className="flex items-center gap-3 text-sm">
                <span className="min-w-0 grow truncate font-medium">
                  {passage.page === null
                    ? passage.document
                    : t("source.page", { document: passage.document, page: passage.page })}
                </span>
                <span className="text-soft tabular-nums">{Math.round(passage.score * 100)} %</span>
              </span>
              <span className="line-clamp-3 text-sm text-soft" dir="auto">
                {passage.text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
