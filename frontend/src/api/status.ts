/** What the server says of itself. */
import { useEffect, useState } from "react";
import { read } from "./http";
import type { Status } from "./types";

/** Null until it's known: then nothing is limited here, and the server says so when something is too much. */
export function useStatus(): Status | null {
  const [status, setStatus] = useState<Status | null>(null);
  useEffect(() => {
    let current = true;
    read<Status>("/status").then(
      ({ answer }) => current && setStatus(answer),
      () => {},
    );
    return () => {
      current = false;
    };
  }, []);
  return status;
}
