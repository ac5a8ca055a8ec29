/** What is known of the conversation at this moment. Every change goes through here, is remembered, and is shown. */

import type { Reply } from "./contract";
import type { Memory } from "./memory";
import { toUnsent, type Turn } from "./turns";

export interface Notice {
  kind: "forgotten" | "started_over" | "failed" | "refused";
  /** The server's sentence; empty where the widget has its own. */
  text: string;
}

export interface State {
  /** idle: nothing asked of the server yet. */
  phase: "idle" | "loading" | "ready" | "failed";
  turns: Turn[];
  /** Whether the server keeps turns before the first one shown. */
  more: boolean;
  online: boolean;
  notice: Notice | null;
  /** A message that was refused goes back into the box; the count tells one return from the next. */
  returned: { text: string; count: number };
}

export class Store {
  state: State = { phase: "idle", turns: [], more: false, online: navigator.onLine, notice: null, returned: { text: "", count: 0 } };

  constructor(
    private readonly memory: Memory,
    private readonly onChange: () => void,
  ) {}

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    if (change.turns) this.memory.unsent = toUnsent(this.state.turns);
    this.onChange();
  }

  replace(key: string, change: (turn: Turn) => Turn): void {
    this.set({ turns: this.state.turns.map((turn) => (turn.key === key ? change(turn) : turn)) });
  }

  replaceReply(reply: Reply): void {
    const put = (turn: Turn): Turn => ({ ...turn, replies: turn.replies.map((one) => (one.id === reply.id ? reply : one)) });
    this.set({ turns: this.state.turns.map(put) });
  }
}
