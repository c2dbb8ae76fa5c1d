/** Conversations that were recorded: find one, read it, go on with it. */
import { Download, MessageCircle, Pencil, Trash2 } from "lucide-react";
import { type FormEvent, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, request } from "../api/http";
import { useResource } from "../api/resource";
import type { ConversationInfo, WholeConversation } from "../api/types";
import type { Item } from "../realtime/events";
import { Button, Empty, Notice, Pane, SearchBox, SmallButton } from "../shell/Pane";
import { save } from "../shell/save";
import { tell } from "../shell/Undo";
import { startConversation } from "../state/talk";
import { show } from "../state/view";

export default function Conversations() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const asked = useDeferredValue(query.trim());
  const parameters = new URLSearchParams({ limit: "100" });
  if (asked) parameters.set("q", asked);
  const found = useResource<{ conversations: ConversationInfo[] }>(
    `/conversations?${parameters}`,
    "conversations",
  );
  const shown = found.answer?.conversations ?? [];
  return (
    <Pane
      title={t("nav.conversations")}
      actions={
        <Button
          kind="voice"
          onClick={() => {
            startConversation(null);
            show("talk");
          }}
        >
          {t("talk.new")}
        </Button>
      }
    >
      <SearchBox
        label={t("conversations.search")}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <Notice stale={found.stale} error={found.error} />
      {found.answer && shown.length === 0 && (
        <Empty>{t(asked ? "conversations.none_found" : "conversations.none")}</Empty>
      )}
      <ul className="space-y-3" aria-label={t("nav.conversations")}>
        {shown.map((conversation) => (
          <Entry key={conversation.id} conversation={conversation} />
        ))}
      </ul>
    </Pane>
  );
}

function Entry({ conversation }: { conversation: ConversationInfo }) {
  const { t, i18n } = useTranslation();
  const [naming, setNaming] = useState(false);
  const [reading, setReading] = useState(false);
  const when = new Date(conversation.updated_at).toLocaleString(i18n.language, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const path = `/conversations/${conversation.id}`;

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      tell((error as ApiError).message);
    }
  };
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get("title") ?? "").trim();
    setNaming(false);
    if (title) void attempt(() => request("PATCH", path, { title }));
  };
  const download = async () => {
    const answer = await request("GET", `${path}/export?format=markdown`);
    save(
      `${conversation.title.replace(/[^\p{L}\p{N} -]+/gu, "").trim() || "conversation"}.md`,
      await answer.text(),
      "text/markdown",
    );
  };

  return (
    <li className="space-y-1 rounded-2xl border border-line bg-card p-4">
      {naming ? (
        <form onSubmit={rename} className="flex gap-2">
          <input
            name="title"
            aria-label={t("conversations.title")}
            // biome-ignore lint/a11y/noAutofocus: the user asked to rename just this
            autoFocus
            defaultValue={conversation.title}
            maxLength={200}
            onKeyDown={(event) => event.key === "Escape" && setNaming(false)}
            className="grow rounded-xl border border-line bg-paper px-3 py-1.5"
          />
          <Button kind="voice" type="submit">
            {t("notes.save")}
          </Button>
        </form>
      ) : (
        <h3 className="font-medium break-words">
          <button
            type="button"
            aria-expanded={reading}
            className="text-start hover:underline"
            onClick={() => setReading(!reading)}
          >
            {conversation.title || t("conversations.untitled")}
          </button>
        </h3>
      )}
      {reading ? (
        <Content path={path} />
      ) : (
        conversation.preview && <p className="line-clamp-2 text-sm text-soft">{conversation.preview}</p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 text-sm text-soft">
        <time dateTime={conversation.updated_at}>{when}</time>
        <span>{t("conversations.turns", { count: conversation.turns })}</span>
        <span className="ms-auto flex">
          <SmallButton
            label={t("conversations.continue")}
            onClick={() => {
              startConversation(conversation.id);
              show("talk");
            }}
          >
            <MessageCircle size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton label={t("conversations.rename")} onClick={() => setNaming(true)}>
            <Pencil size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton label={t("transcript.export")} onClick={() => void attempt(download)}>
            <Download size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton
            label={t("conversations.remove")}
            onClick={() => void attempt(() => request("DELETE", path))}
          >
            <Trash2 size={16} aria-hidden="true" />
          </SmallButton>
        </span>
      </div>
    </li>
  );
}

/** What was said; also without the server, if it was read before. */
function Content({ path }: { path: string }) {
  const { t } = useTranslation();
  const found = useResource<WholeConversation>(path, "conversations");
  return (
    <div className="space-y-3 py-2">
      <Notice stale={found.stale} error={found.error} />
      <ol className="caption space-y-3">
        {found.answer?.items.map((item) => (
          <Spoken key={item.id} item={item as SpokenItem} />
        ))}
      </ol>
      {found.answer?.items.length === 0 && (
        <p className="text-sm text-soft">{t("conversations.none_found")}</p>
      )}
    </div>
  );
}

type SpokenItem = WholeConversation["items"][number] & Item;

function Spoken({ item }: { item: SpokenItem }) {
  const { t } = useTranslation();
  const text = (item.content ?? []).map((part) => part.text ?? part.transcript ?? "").join(" ");
  if (item.type !== "message" || !text) return null;
  const cited = item.citations.flatMap((citation) => citation.passages);
  const places = cited.map(({ document, page }) =>
    page === null ? document : t("source.page", { document, page }),
  );
  return (
    <li>
      <span className="font-medium">
        {t(item.role === "user" ? "transcript.you" : "transcript.assistant")}:{" "}
      </span>
      {text}
      {places.length > 0 && (
        <span className="block text-sm text-soft">{[...new Set(places)].join(" · ")}</span>
      )}
    </li>
  );
}
