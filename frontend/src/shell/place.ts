/** How a place in a document is called: the document, its page, and the collection where it is shared. */
import { useTranslation } from "react-i18next";
import type { SourcePlace } from "../state/view";

export type NamedPlace = Pick<SourcePlace, "document" | "page" | "collection">;

export function usePlaceName(): (place: NamedPlace) => string {
  const { t } = useTranslation();
  return ({ document, page, collection }) => {
    const name = page === null ? document : t("source.page", { document, page });
    return collection ? t("source.shared", { place: name, collection: collection.name }) : name;
  };
}
