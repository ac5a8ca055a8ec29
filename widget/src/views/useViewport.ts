/** Keeps a full-screen panel inside what the on-screen keyboard leaves free. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

export function useViewport(panel: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    const view = window.visualViewport;
    const style = panel.current?.style;
    if (!active || !view || !style) return;
    const fit = (): void => {
      if (view.scale > 1.01) return; // pinched: the person looks closer, the panel stays
      style.setProperty("--view-height", `${view.height}px`);
      style.setProperty("--view-top", `${view.offsetTop}px`);
    };
    fit();
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    return () => {
      view.removeEventListener("resize", fit);
      view.removeEventListener("scroll", fit);
      style.removeProperty("--view-height");
      style.removeProperty("--view-top");
    };
  }, [active]);
}
