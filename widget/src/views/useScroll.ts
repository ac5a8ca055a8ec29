/** Follows the conversation, unless the reader has scrolled up: then it says that there is something new. */

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Turn } from "../turns";

const NEAR_PX = 80;
const ABOVE_PX = 14;

export function useScroll(place: RefObject<HTMLElement | null>, turns: Turn[]): { missed: boolean; toEnd: () => void } {
  const [missed, setMissed] = useState(false);
  const pinned = useRef(true);
  const asked = useRef(0);
  const answered = useRef(0);
  const replies = turns.reduce((sum, turn) => sum + turn.replies.length, 0);

  const toEnd = (): void => {
    const log = place.current;
    if (!log) return;
    // A long answer is read from its question on, not from its end.
    const question = [...log.querySelectorAll<HTMLElement>(".turn")].at(-1)?.offsetTop ?? Infinity;
    log.scrollTo({ top: Math.min(log.scrollHeight - log.clientHeight, question - ABOVE_PX) });
    setMissed(false);
  };

  useEffect(() => {
    const log = place.current;
    if (!log) return;
    let before = log.scrollTop;
    const onScroll = (): void => {
      const near = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
      if (near) setMissed(false);
      if (near || log.scrollTop < before) pinned.current = near; // we only ever scroll down: up is the reader
      before = log.scrollTop;
    };
    // The keyboard of a phone makes the log smaller: its end stays in sight.
    const sizes = new ResizeObserver(() => pinned.current && log.scrollTo({ top: log.scrollHeight, behavior: "instant" }));
    log.addEventListener("scroll", onScroll, { passive: true });
    sizes.observe(log);
    return () => {
      log.removeEventListener("scroll", onScroll);
      sizes.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const askedMore = turns.length > asked.current;
    const answeredMore = replies > answered.current;
    asked.current = turns.length;
    answered.current = replies;
    if (askedMore || (answeredMore && pinned.current)) toEnd();
    else if (answeredMore) setMissed(true);
  }, [turns.length, replies]);

  return { missed, toEnd };
}
