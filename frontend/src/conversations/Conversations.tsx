/** Conversations that were recorded: find one, read it, go on with it. */
import { MessageCircle, Pencil, Trash2 } from "lucide-react";
import { type FormEvent, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { useResource } from "../api/resource";
import type { ConversationInfo } from "../api/types";
import { explain } from "../i18n/problem";
import { focusScreen, useFocusBack } from "../shell/focus";
import { Button, Empty, Notice, Pane, SearchBox, SmallButton } from "../shell/Pane";
import { tell } from "../state/notice";
import { startConversation } from "../state/talk";
import { readConversation, show, useView } from "../state/view";
import { Reading } from "./Reading";

export default function Conversations() {
  const { reading, turn } = useView();
  return reading ? <Reading key={reading} id={reading} turn={turn} /> : <List />;
}

function List() {
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
  const name = useFocusBack(naming);
  const when = new Date(conversation.updated_at).toLocaleString(i18n.language, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const path = `/conversations/${conversation.id}`;

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      tell(explain(error));
    }
  };
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get("title") ?? "").trim();
    setNaming(false);
    if (title) void attempt(() => request("PATCH", path, { title }));
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
            dir="auto"
            className="text-start hover:underline"
            onClick={() => readConversation(conversation.id)}
          >
            {conversation.title || t("conversations.untitled")}
          </button>
        </h3>
      )}
      {conversation.preview && (
        <p className="line-clamp-2 text-sm text-soft" dir="auto">
          {conversation.preview}
        </p>
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
          <SmallButton ref={name} label={t("conversations.rename")} onClick={() => setNaming(true)}>
            <Pencil size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton
            label={t("conversations.remove")}
            onClick={() => void attempt(() => request("DELETE", path).then(focusScreen))}
          >
            <Trash2 size={16} aria-hidden="true" />
          </SmallButton>
        </span>
      </div>
    </li>
  );
}
