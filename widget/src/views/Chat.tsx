/** The whole widget: launcher or panel, in the right theme, direction and place. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { readableAccent } from "../colour";
import type { Conversation } from "../conversation";
import type { Memory } from "../memory";
import type { Options } from "../options";
import { UiProvider } from "./context";
import { Launcher } from "./Launcher";
import { Panel } from "./Panel";
import { useMedia } from "./useMedia";

/** In em of the reader's own text size: large text makes a small screen. */
const SMALL_SCREEN = "(max-width: 30em), (max-height: 26em)";
const SURFACES = { light: "#ffffff", dark: "#1a201d" };

export interface ChatProps {
  options: Options;
  conversation: Conversation;
  memory: Memory;
  open: boolean;
  onOpen: (open: boolean) => void;
  /** Whether a person opened or closed it, as against the page. */
  byHand: boolean;
}

export function Chat({ options, conversation, memory, open, onOpen, byHand }: ChatProps) {
  const [said, setSaid] = useState("");
  const launcher = useRef<HTMLButtonElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const prefersDark = useMedia("(prefers-color-scheme: dark)");
  const small = useMedia(SMALL_SCREEN);
  const theme = options.theme === "auto" ? (prefersDark ? "dark" : "light") : options.theme;
  const full = small && !options.inline;
  const { state } = conversation;
  const unread = useUnread(state.turns.reduce((sum, turn) => sum + turn.replies.length, 0), open, state.phase === "ready");
  const ui = useMemo(() => ({ options, conversation, announce: (text: string) => (setSaid(""), setTimeout(() => setSaid(text), 50)) }), [options, conversation]);

  useEffect(() => {
    if (open) void conversation.start();
    else if (byHand) launcher.current?.focus();
  }, [open, conversation]);
  useLayoutEffect(() => paint(root.current, options.accent, SURFACES[theme]), [options.accent, theme]);

  return (
    <UiProvider value={ui}>
      <div class="root" ref={root} dir={options.dir} lang={options.lang} data-theme={theme} data-corner={options.corner} data-place={options.inline ? "inline" : full ? "full" : "floating"}>
        {open ? (
          <Panel state={state} memory={memory} full={full} onClose={options.inline ? null : () => onOpen(false)} focus={byHand} />
        ) : (
          <Launcher button={launcher} unread={unread} onPress={() => onOpen(true)} />
        )}
        <p class="hidden" role="status">
          {said}
        </p>
      </div>
    </UiProvider>
  );
}

/** Whether an answer came while the panel was closed. */
function useUnread(replies: number, open: boolean, ready: boolean): boolean {
  const seen = useRef(replies);
  if (open || !ready) seen.current = replies;
  return replies > seen.current;
}

function paint(root: HTMLElement | null, accent: string, surface: string): void {
  const colours = accent ? readableAccent(accent, surface) : null;
  for (const [name, value] of [["--given-accent", colours?.accent], ["--given-on-accent", colours?.onAccent]] as const) {
    if (value) root?.style.setProperty(name, value);
    else root?.style.removeProperty(name);
  }
}
