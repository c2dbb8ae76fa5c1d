/** Where the keyboard is when what it was in goes away. */
import { type RefObject, useEffect, useRef } from "react";

/** For the button that opens something: it gets the focus back when that is closed. */
export function useFocusBack(open: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(open);
  useEffect(() => {
    if (was.current && !open) button.current?.focus();
    was.current = open;
  }, [open]);
  return button;
}

/** What had the focus was removed: the screen has it, and what comes next is its first control. */
export function focusScreen(): void {
  document.getElementById("main")?.focus();
}

/** Go on in writing. */
export function focusComposer(): void {
  document.getElementById("composer")?.focus();
}
