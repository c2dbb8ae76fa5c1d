/** The document at the passage: a PDF's page as it looks, everything else as it was read. */
import { X } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PageText } from "../api/types";
import { explain } from "../i18n/problem";
import { SmallButton } from "../shell/Pane";
import { usePlaceName } from "../shell/place";
import { openSource, type SourcePlace } from "../state/view";
import { type OpenedDocument, readDocument, readNote } from "./reading";

const PdfPage = lazy(() => import("./PdfPage"));

export default function SourcePane({ place }: { place: SourcePlace }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<OpenedDocument | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const pane = useRef<HTMLElement>(null);
  const placeName = usePlaceName();

  useEffect(() => {
    let current = true;
    const before = document.activeElement;
    pane.current?.focus();
    const fail = (error: unknown) => current && setProblem(explain(error));
    if (place.kind === "note") readNote(place).then((text) => current && setNote(text), fail);
    else readDocument(place).then((found) => current && setOpened(found), fail);
    return () => {
      current = false;
      if (before instanceof HTMLElement) before.focus();
    };
  }, [place]);

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
        <h2 className="min-w-0 grow truncate font-medium">{placeName(place)}</h2>
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
            <p className="caption empty:hidden">{place.text ?? place.excerpt}</p>
          </div>
        )}
        {note && (
          <p className="caption whitespace-pre-wrap break-words p-5" dir="auto">
            {note}
          </p>
        )}
        {opened && pdf && (
          <Suspense fallback={null}>
            <PdfPage
              document={opened.document}
              start={opened.passage?.page ?? place.page ?? 1}
              passage={opened.passage?.text ?? ""}
              onFail={unreadable}
            />
          </Suspense>
        )}
        {opened && !pdf && <Text pages={opened.pages} passageId={opened.passage?.id ?? null} />}
      </div>
    </aside>
  );
}

/** The text of a document that isn't a PDF, with the passage marked. */
function Text({ pages, passageId }: { pages: PageText[]; passageId: string | null }) {
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: "center" });
  });
  return (
    <div className="space-y-6 p-5">
      {pages.map((page, at) => {
        const place = page.passages.find(({ id }) => id === passageId);
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
