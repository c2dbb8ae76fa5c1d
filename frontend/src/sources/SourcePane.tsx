/** The document at the passage: a PDF's page as it looks, everything else as it was read. */
import { X } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, read } from "../api/http";
import type { DocumentInfo, FoundPassage, PageText } from "../api/types";
import type { Passage } from "../realtime/events";
import { SmallButton } from "../shell/Pane";
import { openSource } from "../state/view";

const PdfPage = lazy(() => import("./PdfPage"));

interface Opened {
  document: DocumentInfo;
  pages: PageText[];
  passage: Passage;
}

export default function SourcePane({ passage }: { passage: Passage }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const pane = useRef<HTMLElement>(null);

  useEffect(() => {
    let current = true;
    const before = document.activeElement;
    pane.current?.focus();
    open(passage).then(
      (found) => current && setOpened(found),
      (error: unknown) => current && setProblem(error instanceof ApiError ? error.message : String(error)),
    );
    return () => {
      current = false;
      if (before instanceof HTMLElement) before.focus();
    };
  }, [passage]);

  const [readable, setReadable] = useState(true);
  const unreadable = useCallback(() => setReadable(false), []);
  const pdf = readable && opened?.document.media_type === "application/pdf";
  return (
    <aside
      ref={pane}
      tabIndex={-1}
      aria-label={t("source.open")}
      onKeyDown={(event) => event.key === "Escape" && openSource(null)}
      className="fixed inset-0 z-10 flex flex-col border-line bg-paper md:static md:w-[min(44rem,50%)] md:border-s"
    >
      <div className="flex items-center gap-2 border-b border-line bg-card px-4 py-2">
        <h2 className="min-w-0 grow truncate font-medium">
          {passage.page === null
            ? passage.document
            : t("source.page", { document: passage.document, page: passage.page })}
        </h2>
        <SmallButton label={t("source.close")} onClick={() => openSource(null)}>
          <X size={18} aria-hidden="true" />
        </SmallButton>
      </div>
      <div className="relative min-h-0 grow overflow-auto">
        {problem && (
          <div className="space-y-4 p-5">
            <p role="alert" className="rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn">
              {problem}
            </p>
            {passage.text && <p className="caption">{passage.text}</p>}
          </div>
        )}
        {opened && pdf && (
          <Suspense fallback={null}>
            <PdfPage
              document={opened.document}
              start={passage.page ?? 1}
              passage={opened.passage.text}
              onFail={unreadable}
            />
          </Suspense>
        )}
        {opened && !pdf && <Text pages={opened.pages} passage={opened.passage} />}
      </div>
    </aside>
  );
}

async function open(passage: Passage): Promise<Opened> {
  // A past conversation knows its passages by their ids alone.
  const whole = passage.document_id ? passage : (await read<FoundPassage>(`/passages/${passage.id}`)).answer;
  const { answer } = await read<Omit<Opened, "passage">>(`/documents/${whole.document_id}/text`);
  // Where its document was read again the passage has another id and place by now.
  return { ...answer, passage: { ...passage, ...whole, score: passage.score } };
}

/** The text of a document that isn't a PDF, with the passage marked. */
function Text({ pages, passage }: { pages: PageText[]; passage: Passage }) {
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: "center" });
  });
  return (
    <div className="space-y-6 p-5">
      {pages.map((page, at) => {
        const place = page.passages.find(({ id }) => id === passage.id);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pages don't move
          <section key={at} dir="auto" className="caption whitespace-pre-wrap break-words">
            {place ? (
              <>
                {page.text.slice(0, place.start)}
                <mark ref={mark} className="rounded bg-voice-soft text-ink">
                  {page.text.slice(place.start, place.end)}
                </mark>
                {page.text.slice(place.end)}
              </>
            ) : (
              page.text
            )}
          </section>
        );
      })}
    </div>
  );
}
