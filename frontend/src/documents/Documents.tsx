/** What vasi has read: add, replace, read again, remove, and search it as the assistant does. */
import { FilePen, FileUp, Globe, RefreshCw, Trash2 } from "lucide-react";
import { type DragEvent, useDeferredValue, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { type Resource, useResource } from "../api/resource";
import type { DocumentInfo, DocumentList, FoundPassage, Meanings } from "../api/types";
import { explain } from "../i18n/problem";
import { focusScreen, useFocusBack } from "../shell/focus";
import { Button, Empty, Notice, Pane, SearchBox, SmallButton } from "../shell/Pane";
import { CollectionName, PassageCard } from "../shell/PassageCard";
import { tell } from "../state/notice";
import { openSource } from "../state/view";
import { NewPage } from "./NewPage";
import { UploadList } from "./UploadList";
import { isPage, refreshPage, upload } from "./upload";

const LEARNING_MS = 4_000;

export default function Documents() {
  const { t } = useTranslation();
  const documents = useResource<DocumentList>("/documents", "documents");
  const learning = useLearning(documents);
  const [query, setQuery] = useState("");
  const [over, setOver] = useState(false);
  const [addingPage, setAddingPage] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const pageButton = useFocusBack(addingPage);
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
            <Button ref={pageButton} aria-expanded={addingPage} onClick={() => setAddingPage(!addingPage)}>
              <Globe size={16} aria-hidden="true" /> {t("documents.page.add")}
            </Button>
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
        {addingPage && <NewPage onDone={() => setAddingPage(false)} />}
        <SearchBox
          label={t("documents.search")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        {asked && <Found query={asked} />}
        <Notice stale={documents.stale} error={documents.error} />
        <UploadList />
        {learning && <p className="text-sm text-soft">{t("documents.learning", learning)}</p>}
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

/** How far the server is in learning what documents mean, while it does; looked up every few seconds. */
function useLearning({ answer, stale, reload }: Resource<DocumentList>): Meanings | null {
  const meanings = answer?.meanings;
  const learning =
    !stale && meanings && !meanings.problem && meanings.done < meanings.total ? meanings : null;
  const underWay = learning !== null;
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(reload, LEARNING_MS);
    return () => clearInterval(timer);
  }, [underWay, reload]);
  return learning;
}

function Entry({ document }: { document: DocumentInfo }) {
  const { t, i18n } = useTranslation();
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
  const page = isPage(document);
  const again = t("documents.page.again", { name: document.name });
  return (
    <li className="flex items-center gap-2 py-3">
      <div className="min-w-0 grow">
        <button
          type="button"
          className="w-full text-start"
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
            {document.collection && (
              <>
                {" · "}
                <CollectionName name={document.collection.name} />
              </>
            )}
          </span>
          {document.warnings.map((warning) => (
            <span key={warning} className="block text-sm text-warn" dir="auto">
              {warning}
            </span>
          ))}
        </button>
        {page && (
          <a
            href={document.source}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex min-h-6 max-w-full items-center gap-1.5 text-sm text-soft hover:text-voice hover:underline"
          >
            <Globe size={14} className="shrink-0" aria-hidden="true" />
            <bdi className="truncate" dir="ltr">
              {document.source}
            </bdi>
          </a>
        )}
      </div>
      {/* What is shared is seen to where the collections are. */}
      {document.collection === null && (
        <>
          {page ? (
            <SmallButton label={again} onClick={() => void refreshPage(document)}>
              <RefreshCw size={16} aria-hidden="true" />
            </SmallButton>
          ) : (
            <Replacement document={document} />
          )}
          <SmallButton label={t("documents.remove", { name: document.name })} onClick={() => void remove()}>
            <Trash2 size={16} aria-hidden="true" />
          </SmallButton>
        </>
      )}
    </li>
  );
}

/** The button that sends another file in the place of a document. */
function Replacement({ document }: { document: DocumentInfo }) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const label = t("documents.replace", { name: document.name });
  return (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={label}
        onChange={(event) => {
          upload(event.target.files ?? [], { replace: document.id });
          event.target.value = "";
        }}
      />
      <SmallButton label={label} onClick={() => picker.current?.click()}>
        <FilePen size={16} aria-hidden="true" />
      </SmallButton>
    </>
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
            <PassageCard passage={passage}>
              <span className="text-soft tabular-nums">{Math.round(passage.score * 100)} %</span>
            </PassageCard>
          </li>
        ))}
      </ul>
    </section>
  );
}
