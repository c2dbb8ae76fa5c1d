/** A past conversation, to be read: what was said and on what it rests; also without the server, if it was read before. */
import { ArrowLeft, Download, MessageCircle } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { useResource } from "../api/resource";
import type { WholeConversation } from "../api/types";
import { explain } from "../i18n/problem";
import { textsOf } from "../protocol/items";
import type { AnyItem } from "../protocol/wire";
import { Button, Empty, Notice, Pane } from "../shell/Pane";
import { PassageCard } from "../shell/PassageCard";
import { usePlaceName } from "../shell/place";
import { save } from "../shell/save";
import { tell } from "../state/notice";
import { startConversation } from "../state/talk";
import { openSource, show } from "../state/view";

type SpokenItem = WholeConversation["items"][number] & AnyItem;
type Cited = WholeConversation["items"][number]["citations"][number]["passages"][number];

/** @param turn id of the item to show first; null for the beginning. */
export function Reading({ id, turn }: { id: string; turn: string | null }) {
  const { t } = useTranslation();
  const path = `/conversations/${encodeURIComponent(id)}`;
  const found = useResource<WholeConversation>(path, "conversations");
  const { answer } = found;
  const said = (answer?.items ?? []).filter((item) => textOf(item as SpokenItem) !== "");

  const download = async (format: "markdown" | "json") => {
    try {
      const file = await request("GET", `${path}/export?format=${format}`);
      const name = answer?.title.replace(/[^\p{L}\p{N} -]+/gu, "").trim() || "conversation";
      const type = file.headers.get("content-type") ?? "text/plain";
      save(`${name}.${format === "json" ? "json" : "md"}`, await file.text(), type);
    } catch (error) {
      tell(explain(error));
    }
  };
  return (
    <Pane
      title={answer?.title || t("conversations.untitled")}
      before={
        <Button kind="quiet" className="-ms-4" onClick={() => show("conversations")}>
          <ArrowLeft size={16} aria-hidden="true" className="rtl:rotate-180" /> {t("nav.conversations")}
        </Button>
      }
      actions={
        <>
          <Button onClick={() => void download("markdown")}>
            <Download size={16} aria-hidden="true" /> {t("transcript.export_markdown")}
          </Button>
          <Button onClick={() => void download("json")}>
            <Download size={16} aria-hidden="true" /> {t("transcript.export_json")}
          </Button>
          <Button
            kind="voice"
            onClick={() => {
              startConversation(id);
              show("talk");
            }}
          >
            <MessageCircle size={16} aria-hidden="true" /> {t("conversations.continue")}
          </Button>
        </>
      }
    >
      <Notice stale={found.stale} error={found.error} />
      {answer && said.length === 0 && <Empty>{t("conversations.empty")}</Empty>}
      <ol aria-label={t("transcript.title")} className="space-y-5">
        {said.map((item) => (
          <Spoken key={item.id} item={item as SpokenItem} wanted={item.id === turn} />
        ))}
      </ol>
    </Pane>
  );
}

function textOf(item: SpokenItem): string {
  return item.type === "message" ? textsOf(item).join(" ").trim() : "";
}

function Spoken({ item, wanted }: { item: SpokenItem; wanted: boolean }) {
  const { t } = useTranslation();
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!wanted) return;
    place.current?.scrollIntoView({ block: "center" });
    place.current?.focus({ preventScroll: true });
  }, [wanted]);
  const mine = item.type === "message" && item.role === "user";
  const nearest = item.nearest ?? []; // what was read by an earlier version hasn't got it
  const placeName = usePlaceName();
  const sources = new Map<string, Cited>();
  for (const cited of item.citations.flatMap((citation) => citation.passages)) {
    const name = `${cited.source_id}\n${cited.page}`;
    if (!sources.has(name)) sources.set(name, cited);
  }
  return (
    <li
      ref={place}
      tabIndex={-1}
      aria-current={wanted || undefined}
      className={`rounded-2xl ${wanted ? "bg-voice-soft" : mine ? "bg-sunken" : ""} ${
        mine ? "ms-auto w-fit max-w-[85%] px-4 py-2.5" : wanted ? "p-4" : ""
      }`}
    >
      <span className="sr-only">{t(mine ? "transcript.you" : "transcript.assistant")}: </span>
      <p className="caption break-words" dir="auto">
        {textOf(item)}
      </p>
      {sources.size > 0 && (
        <ul
          aria-label={t("transcript.sources")}
          className="mt-2 border-s-2 border-voice-soft ps-3 text-sm text-soft"
        >
          {[...sources].map(([name, cited]) => (
            <li key={name}>
              <button
                type="button"
                className="min-h-6 max-w-full truncate hover:text-voice hover:underline"
                onClick={() => openSource(cited)}
              >
                {placeName(cited)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {nearest.length > 0 && (
        <section aria-label={t("transcript.nearest")} className="mt-3 space-y-2">
          <h2 className="text-sm font-medium text-soft">{t("transcript.nearest")}</h2>
          <ul className="space-y-2">
            {nearest.map((cited) => (
              <li key={cited.id}>
                <PassageCard passage={cited} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </li>
  );
}
