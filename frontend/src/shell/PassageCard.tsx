/** A passage as a card: where it stands and how it begins. It opens the document there. */
import { FolderOpen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { openSource, type SourcePlace } from "../state/view";

interface Props {
  passage: SourcePlace;
  /** Stands beside the name of the place. */
  children?: ReactNode;
}

export function PassageCard({ passage, children }: Props) {
  const { t } = useTranslation();
  return (
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
        {children}
      </span>
      {passage.collection && (
        <span className="block text-sm text-soft">
          <CollectionName name={passage.collection.name} />
        </span>
      )}
      <span className="line-clamp-3 text-sm text-soft" dir="auto">
        {passage.text ?? passage.excerpt}
      </span>
    </button>
  );
}

/** The shared collection that something is in. */
export function CollectionName({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <FolderOpen size={14} className="shrink-0" aria-hidden="true" />
      <span className="sr-only">{t("collections.in")}</span>
      <bdi className="truncate">{name}</bdi>
    </span>
  );
}
