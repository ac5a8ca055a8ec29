/** While the panel covers the page: Tab stays in it, and the page behind does not scroll. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

const FOCUSABLE = "a[href], button:not([disabled]), textarea, input, [tabindex='0']";

export function useTrap(panel: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    const element = panel.current;
    if (!active || !element) return;
    const page = document.documentElement.style;
    const before = page.overflow;
    page.overflow = "hidden";
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === "Tab") turnRound(element, event);
    };
    element.addEventListener("keydown", onKeyDown);
    return () => {
      page.overflow = before;
      element.removeEventListener("keydown", onKeyDown);
    };
  }, [active]);
}

function turnRound(panel: HTMLElement, event: KeyboardEvent): void {
  const controls = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.checkVisibility());
  const focused = (panel.getRootNode() as ShadowRoot).activeElement;
  const [from, to] = event.shiftKey ? [controls[0], controls.at(-1)] : [controls.at(-1), controls[0]];
  if (focused !== from && focused !== panel) return;
  if (focused === panel && !event.shiftKey) return;
  event.preventDefault();
  to?.focus();
}
