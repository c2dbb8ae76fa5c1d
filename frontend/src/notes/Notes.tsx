/** Notes: as they are taken, by voice or by hand. */
import { Download, Pencil, Pin, Trash2 } from "lucide-react";
import { type FormEvent, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { useResource } from "../api/resource";
import { useStatus } from "../api/status";
import type { NoteInfo } from "../api/types";
import { explain } from "../i18n/problem";
import { focusScreen, useFocusBack } from "../shell/focus";
import { Button, Empty, Notice, Pane, SearchBox, SmallButton } from "../shell/Pane";
import { save } from "../shell/save";
import { tell } from "../state/notice";
import { readConversation } from "../state/view";

export default function Notes() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [tag, setTag] = useState<string | null>(null);
  const asked = useDeferredValue(query.trim());
  const parameters = new URLSearchParams({ limit: "200" });
  if (asked) parameters.set("q", asked);
  if (tag) parameters.set("tag", tag);
  const longest = useStatus()?.limits.note_characters;
  const notes = useResource<{ notes: NoteInfo[] }>(`/notes?${parameters}`, "notes");
  const shown = notes.answer?.notes ?? [];
  const ordered = asked ? shown : [...shown].sort((a, b) => Number(b.pinned) - Number(a.pinned));

  const exportAs = async (format: "markdown" | "json") => {
    const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const answer = await request("GET", `/notes/export?format=${format}&time_zone=${zone}`);
    save(
      `notes.${format === "json" ? "json" : "md"}`,
      await answer.text(),
      answer.headers.get("content-type") ?? "",
    );
  };

  return (
    <Pane
      title={t("nav.notes")}
      actions={
        <>
          <Button onClick={() => void exportAs("markdown")}>
            <Download size={16} aria-hidden="true" /> Markdown
          </Button>
          <Button onClick={() => void exportAs("json")}>
            <Download size={16} aria-hidden="true" /> JSON
          </Button>
        </>
      }
    >
      <NewNote longest={longest} />
      <SearchBox label={t("notes.search")} value={query} onChange={(event) => setQuery(event.target.value)} />
      {tag && (
        <Button onClick={() => setTag(null)}>
          #{tag} <span aria-hidden="true">×</span>
          <span className="sr-only">{t("notes.all_tags")}</span>
        </Button>
      )}
      <Notice stale={notes.stale} error={notes.error} />
      {notes.answer && shown.length === 0 && (
        <Empty>{t(asked || tag ? "notes.none_found" : "notes.none")}</Empty>
      )}
      <ul className="space-y-3" aria-label={t("nav.notes")}>
        {ordered.map((note) => (
          <Card key={note.id} note={note} longest={longest} onTag={setTag} />
        ))}
      </ul>
    </Pane>
  );
}

function NewNote({ longest }: { longest: number | undefined }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    try {
      await request("POST", "/notes", { text });
      setText("");
      setProblem(null);
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <form onSubmit={(event) => void add(event)} className="space-y-2">
      <textarea
        dir={text ? "auto" : undefined}
        aria-label={t("notes.new")}
        placeholder={t("notes.new")}
        rows={2}
        maxLength={longest}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field-sizing-content w-full rounded-2xl border border-line bg-card px-4 py-3 placeholder:text-soft"
      />
      {problem && (
        <p role="alert" className="text-sm text-warn">
          {problem}
        </p>
      )}
      <div className="flex justify-end">
        <Button kind="voice" type="submit" disabled={!text.trim()}>
          {t("notes.add")}
        </Button>
      </div>
    </form>
  );
}

interface CardProps {
  note: NoteInfo;
  /** Characters that a note may have, where that's known. */
  longest: number | undefined;
  onTag: (tag: string) => void;
}

function Card({ note, longest, onTag }: CardProps) {
  const { t, i18n } = useTranslation();
  const [editing, setEditing] = useState(false);
  const edit = useFocusBack(editing);
  const when = new Date(note.created_at).toLocaleString(i18n.language, {
    dateStyle: "medium",
    timeStyle: "short",
  });

  const attempt = async (method: string, path: string, body?: unknown): Promise<boolean> => {
    try {
      await request(method, path, body);
      return true;
    } catch (error) {
      tell(explain(error));
      return false;
    }
  };
  const remove = async () => {
    if (await attempt("DELETE", `/notes/${note.id}`)) {
      focusScreen();
      tell(t("notes.removed"), () => void attempt("POST", `/notes/${note.id}/restore`));
    }
  };

  if (editing)
    return <Editor note={note} longest={longest} onDone={() => setEditing(false)} attempt={attempt} />;
  return (
    <li className="space-y-2 rounded-2xl border border-line bg-card p-4">
      <p className="whitespace-pre-wrap break-words" dir="auto">
        {note.text}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
        <time dateTime={note.created_at}>{when}</time>
        {note.tags.map((tag) => (
          <button key={tag} type="button" className="text-voice hover:underline" onClick={() => onTag(tag)}>
            #{tag}
          </button>
        ))}
        {note.conversation_id && (
          <button
            type="button"
            className="underline"
            onClick={() => readConversation(note.conversation_id as string, note.item_id)}
          >
            {t("notes.origin")}
          </button>
        )}
        <span className="ms-auto flex">
          <SmallButton
            label={t(note.pinned ? "notes.unpin" : "notes.pin")}
            aria-pressed={note.pinned}
            onClick={() => void attempt("PATCH", `/notes/${note.id}`, { pinned: !note.pinned })}
          >
            <Pin size={16} aria-hidden="true" fill={note.pinned ? "currentColor" : "none"} />
          </SmallButton>
          <SmallButton ref={edit} label={t("notes.edit")} onClick={() => setEditing(true)}>
            <Pencil size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton label={t("notes.remove")} onClick={() => void remove()}>
            <Trash2 size={16} aria-hidden="true" />
          </SmallButton>
        </span>
      </div>
    </li>
  );
}

interface EditorProps {
  note: NoteInfo;
  longest: number | undefined;
  onDone: () => void;
  attempt: (method: string, path: string, body?: unknown) => Promise<boolean>;
}

function Editor({ note, longest, onDone, attempt }: EditorProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(note.text);
  const [tags, setTags] = useState(note.tags.join(" "));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = tags.split(/[\s,#]+/).filter(Boolean);
    if (!(await attempt("PATCH", `/notes/${note.id}`, { text, tags: given }))) return;
    onDone();
    if (text.trim() !== note.text || given.join(" ") !== note.tags.join(" "))
      tell(t("notes.changed"), () => void attempt("POST", `/notes/${note.id}/revert`));
  };
  return (
    <li className="rounded-2xl border border-voice bg-card p-4">
      <form onSubmit={(event) => void submit(event)} className="space-y-3">
        <textarea
          dir="auto"
          aria-label={t("notes.text")}
          // biome-ignore lint/a11y/noAutofocus: the user asked to edit just this
          autoFocus
          value={text}
          maxLength={longest}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && onDone()}
          className="field-sizing-content min-h-20 w-full rounded-xl border border-line bg-paper px-3 py-2"
        />
        <input
          aria-label={t("notes.tags")}
          placeholder={t("notes.tags")}
          value={tags}
          onChange={(event) => setTags(event.target.value)}
          className="w-full rounded-xl border border-line bg-paper px-3 py-2 placeholder:text-soft"
        />
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onDone}>
            {t("transcript.cancel")}
          </Button>
          <Button kind="voice" type="submit" disabled={!text.trim()}>
            {t("notes.save")}
          </Button>
        </div>
      </form>
    </li>
  );
}
