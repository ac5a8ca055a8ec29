/** The opened chat: header, conversation, notices, message box. */

import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Memory } from "../memory";
import type { State } from "../store";
import { fill } from "../strings";
import { Composer } from "./Composer";
import { Confirm } from "./Confirm";
import { useUi } from "./context";
import { Header, type Asked } from "./Header";
import { isTyping, Log } from "./Log";
import { Notices } from "./Notices";
import { useTrap } from "./useTrap";
import { useViewport } from "./useViewport";

export interface PanelProps {
  state: State;
  memory: Memory;
  /** Covers the whole screen: then nothing behind it can be reached. */
  full: boolean;
  onClose: (() => void) | null;
  /** Whether the message box takes the focus when the panel appears. */
  focus: boolean;
}

export function Panel({ state, memory, full, onClose, focus }: PanelProps) {
  const { conversation, options } = useUi();
  const [asked, setAsked] = useState<Asked | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const panel = useRef<HTMLElement>(null);
  const titleId = useId();
  useViewport(panel, full);
  useTrap(panel, full);
  useFirstFocus(panel, box, focus);
  const answer = (yes: boolean): void => {
    setAsked(null);
    if (yes) void (asked === "forget" ? conversation.forget() : conversation.startOver());
    setTimeout(() => box.current?.focus());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && onClose) onClose();
  };
  return (
    <section class="panel" ref={panel} role={onClose ? "dialog" : "region"} aria-modal={full ? true : undefined} aria-labelledby={titleId} tabIndex={-1} onKeyDown={onKeyDown}>
      <Header titleId={titleId} onAsk={setAsked} onClose={onClose} />
      <Log state={state} />
      <Notices state={state} />
      {asked ? <Confirm asked={asked} onAnswer={answer} /> : <Composer box={box} memory={memory} returned={state.returned} />}
      <p class="footnote">{options.strings.footnote}</p>
      <p class="hidden" role="status">
        {isTyping(state) ? fill(options.strings.typing, { title: options.title }) : ""}
      </p>
    </section>
  );
}

/** On a touch screen the box is left alone: focusing it would throw up the keyboard over the greeting. */
function useFirstFocus(panel: RefObject<HTMLElement | null>, box: RefObject<HTMLElement | null>, focus: boolean): void {
  useEffect(() => {
    if (focus) (matchMedia("(pointer: coarse)").matches ? panel : box).current?.focus();
  }, []);
}
