/** Documents that administrators share: who may see them, and what is in each collection. */
import { ChevronDown, FileUp, Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { type Loaded, useLoaded } from "../api/loaded";
import { useResource } from "../api/resource";
import type { CollectionInfo, CollectionList, DocumentInfo, DocumentList } from "../api/types";
import { explain } from "../i18n/problem";
import { Card, Field, Problem, Tick } from "../shell/Form";
import { focusScreen, useFocusBack } from "../shell/focus";
import { namesIn } from "../shell/names";
import { Button, Empty, Notice, Pane, SmallButton } from "../shell/Pane";
import { ScreenRow, useAdministration } from "../shell/ScreenLink";
import { tell } from "../state/notice";
import { openSource } from "../state/view";
import { UploadList } from "./UploadList";
import { upload } from "./upload";

export default function Collections() {
  const { t } = useTranslation();
  const list = useLoaded<CollectionList>("/collections");
  const [adding, setAdding] = useState(false);
  const opener = useFocusBack(adding);
  const add = async (collection: Audience) => {
    await request("POST", "/collections", collection);
    setAdding(false);
    await list.reload();
  };
  return (
    <Pane
      title={t("nav.collections")}
      before={<ScreenRow label={t("administration")} screens={useAdministration()} />}
      actions={
        <Button ref={opener} kind="voice" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          <Plus size={16} aria-hidden="true" /> {t("collections.add")}
        </Button>
      }
    >
      <p className="text-sm text-soft">{t("collections.what")}</p>
      {adding && (
        <Card title={t("collections.add")}>
          <Editor submit={t("collections.add")} onSave={add} onCancel={() => setAdding(false)} />
        </Card>
      )}
      <UploadList />
      <Notice stale={false} error={list.error} />
      {list.answer?.collections.length === 0 && <Empty>{t("collections.none")}</Empty>}
      <ul aria-label={t("nav.collections")} className="space-y-3">
        {list.answer?.collections.map((collection) => (
          <Entry key={collection.id} collection={collection} list={list} />
        ))}
      </ul>
    </Pane>
  );
}

type Audience = Pick<CollectionInfo, "name" | "everyone" | "groups">;

interface EditorProps {
  collection?: CollectionInfo;
  submit: string;
  onSave: (collection: Audience) => Promise<void>;
  onCancel: () => void;
}

function Editor({ collection, submit, onSave, onCancel }: EditorProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(collection?.name ?? "");
  const [everyone, setEveryone] = useState(collection?.everyone ?? true);
  const [groups, setGroups] = useState(collection?.groups.join(", ") ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await onSave({ name: name.trim(), everyone, groups: everyone ? [] : namesIn(groups) });
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      <Field
        label={t("account.name")}
        autoFocus
        required
        maxLength={100}
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Tick
        label={t("collections.everyone")}
        checked={everyone}
        onChange={(event) => setEveryone(event.target.checked)}
      />
      {!everyone && (
        <Field
          label={t("collections.groups")}
          hint={t("users.groups_hint")}
          required
          dir="auto"
          value={groups}
          onChange={(event) => setGroups(event.target.value)}
        />
      )}
      <Problem text={problem} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onCancel}>
          {t("transcript.cancel")}
        </Button>
        <Button
          kind="voice"
          type="submit"
          disabled={!name.trim() || (!everyone && namesIn(groups).length === 0)}
        >
          {submit}
        </Button>
      </div>
    </form>
  );
}

function Entry({ collection, list }: { collection: CollectionInfo; list: Loaded<CollectionList> }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [open, setOpen] = useState(false);
  const edit = useFocusBack(editing);
  const picker = useRef<HTMLInputElement>(null);
  const { id, name } = collection;
  const save = async (changes: Audience) => {
    await request("PATCH", `/collections/${id}`, changes);
    setEditing(false);
    await list.reload();
  };
  const remove = async () => {
    if (!confirm(t("collections.confirm", { name }))) return;
    try {
      await request("DELETE", `/collections/${id}`);
      focusScreen();
      tell(t("collections.removed", { name }));
      await list.reload();
    } catch (failure) {
      tell(explain(failure));
    }
  };
  return (
    <li className="space-y-3 rounded-2xl border border-line bg-card p-4">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-40 grow basis-0">
          <h3 className="font-medium break-words">
            <bdi>{name}</bdi>
          </h3>
          <p className="text-sm text-soft">
            {collection.everyone
              ? t("collections.for_everyone")
              : t("collections.for_groups", { groups: collection.groups.join(", ") })}
          </p>
        </div>
        <div className="flex items-center">
          <SmallButton label={t("collections.upload", { name })} onClick={() => picker.current?.click()}>
            <FileUp size={16} aria-hidden="true" />
          </SmallButton>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={t("collections.upload", { name })}
            onChange={(event) => {
              upload(event.target.files ?? [], { collection: id });
              event.target.value = "";
              setOpen(true);
            }}
          />
          <SmallButton
            ref={edit}
            label={t("collections.edit", { name })}
            onClick={() => setEditing(!editing)}
          >
            <Pencil size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton label={t("collections.remove", { name })} onClick={() => void remove()}>
            <Trash2 size={16} aria-hidden="true" />
          </SmallButton>
          <SmallButton
            label={t("collections.show", { name })}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <ChevronDown
              size={18}
              aria-hidden="true"
              className={`transition-transform ${open ? "rotate-180" : ""}`}
            />
          </SmallButton>
        </div>
      </div>
      {editing && (
        <Editor
          collection={collection}
          submit={t("notes.save")}
          onSave={save}
          onCancel={() => setEditing(false)}
        />
      )}
      {open && <Contents collection={collection} />}
    </li>
  );
}

function Contents({ collection }: { collection: CollectionInfo }) {
  const { t } = useTranslation();
  const query = new URLSearchParams({ collection: collection.id });
  const { answer, stale, error } = useResource<DocumentList>(`/documents?${query}`, "documents");
  const remove = async (document: DocumentInfo) => {
    if (!confirm(t("documents.confirm", { name: document.name }))) return;
    try {
      await request("DELETE", `/documents/${document.id}?${query}`);
      focusScreen();
      tell(t("documents.removed", { name: document.name }));
    } catch (failure) {
      tell(explain(failure));
    }
  };
  return (
    <>
      <Notice stale={stale} error={error} />
      {answer?.documents.length === 0 && <p className="text-sm text-soft">{t("collections.empty")}</p>}
      <ul aria-label={t("collections.show", { name: collection.name })} className="divide-y divide-line">
        {answer?.documents.map((document) => (
          <li key={document.id} className="flex items-center gap-2 py-1.5 text-sm">
            <button
              type="button"
              className="min-h-9 min-w-0 grow truncate text-start hover:underline"
              onClick={() =>
                openSource({
                  id: "",
                  kind: "document",
                  source_id: document.id,
                  document: document.name,
                  page: null,
                  collection,
                })
              }
            >
              <bdi>{document.name}</bdi>
            </button>
            <SmallButton
              label={t("documents.remove", { name: document.name })}
              onClick={() => void remove(document)}
            >
              <Trash2 size={16} aria-hidden="true" />
            </SmallButton>
          </li>
        ))}
      </ul>
    </>
  );
}
