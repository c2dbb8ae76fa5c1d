/** A list from the server that keeps itself up to date. */
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, read } from "./http";
import { follow, type Topic } from "./live";

export interface Resource<Answer> {
  answer: Answer | null;
  /** Read from this browser's own store: the server can't be reached. */
  stale: boolean;
  error: ApiError | null;
  reload(): void;
}

/** What `path` answers, read anew whenever something of `topic` changes. */
export function useResource<Answer>(path: string, topic: Topic): Resource<Answer> {
  const [found, setFound] = useState<{ path: string; answer: Answer; fresh: boolean } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const newest = useRef(0);

  const reload = useCallback(() => {
    const turn = ++newest.current;
    read<Answer>(path).then(
      ({ answer, fresh }) => {
        if (turn !== newest.current) return;
        setFound({ path, answer, fresh });
        setError(null);
      },
      (problem: unknown) => {
        if (turn === newest.current)
          setError(problem instanceof ApiError ? problem : new ApiError(String(problem), null, 0));
      },
    );
  }, [path]);

  useEffect(() => {
    reload();
    let waiting: ReturnType<typeof setTimeout> | null = null;
    const stop = follow(topic, () => {
      // A burst of changes is one reason to look.
      waiting ??= setTimeout(() => {
        waiting = null;
        reload();
      }, 50);
    });
    return () => {
      stop();
      if (waiting) clearTimeout(waiting);
    };
  }, [reload, topic]);

  const answer = found?.path === path ? found.answer : null;
  return { answer: answer ?? found?.answer ?? null, stale: found !== null && !found.fresh, error, reload };
}
