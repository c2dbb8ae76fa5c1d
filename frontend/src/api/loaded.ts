/** What the server answers once: for lists that change only where they are shown, and aren't kept in the browser. */
import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, get } from "./http";

export interface Loaded<Answer> {
  answer: Answer | null;
  error: ApiError | null;
  /** Ask again; what was answered before is shown meanwhile. */
  reload(): Promise<void>;
}

export function useLoaded<Answer>(path: string): Loaded<Answer> {
  const [found, setFound] = useState<{ path: string; answer: Answer } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const newest = useRef(0);
  const reload = useCallback(async () => {
    const turn = ++newest.current;
    try {
      const answer = await get<Answer>(path);
      if (turn !== newest.current) return;
      setFound({ path, answer });
      setError(null);
    } catch (problem) {
      if (turn === newest.current) setError(problem as ApiError);
    }
  }, [path]);
  useEffect(() => {
    void reload();
    return () => {
      newest.current += 1;
    };
  }, [reload]);
  return { answer: found?.path === path ? found.answer : null, error, reload };
}
