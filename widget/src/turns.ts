/** A conversation as a list of turns, and what may happen to the list. Pure. */

import type { Reply, ServerTurn, StreamEvent } from "./contract";
import type { Message } from "./api";
import type { Unsent } from "./memory";

/**
 * sending: on its way, or waiting for the one before it. waiting: the server asked us to come back later.
 * unsent: it did not get through, or its answer did not; a person may try again. The others are the server's.
 */
export type TurnStatus = "sending" | "waiting" | "unsent" | "open" | "answered" | "failed";

export interface Turn {
  key: string | null;
  turn: string | null;
  at: string;
  text: string;
  /** What is sent, and sent again. Null for a turn from the transcript whose message is not known to the letter. */
  message: Message | null;
  status: TurnStatus;
  /** The server's sentence about why it is waiting or unsent. */
  problem: string;
  replies: Reply[];
}

export function newTurn(text: string, message: Message, key: string, at: string): Turn {
  return { key, turn: null, at, text, message, status: "sending", problem: "", replies: [] };
}

export function fromServer(turn: ServerTurn): Turn {
  const message = turn.button ? null : { text: turn.text };
  return { key: turn.key, turn: turn.turn, at: turn.at, text: turn.text, message, status: turn.status, problem: "", replies: turn.replies };
}

/** A message kept over a reload: what was on its way is sent again (the key makes that harmless), the rest waits for a person. */
export function fromUnsent(kept: Unsent): Turn {
  const message = kept.button ? { button: kept.button } : { text: kept.text };
  return { ...newTurn(kept.text, message, kept.key, kept.at), turn: kept.turn, status: kept.sending ? "sending" : "unsent" };
}

export function toUnsent(turns: Turn[]): Unsent[] {
  return turns.filter(isLocal).map((turn) => ({
    key: turn.key ?? "",
    turn: turn.turn,
    text: turn.text,
    at: turn.at,
    sending: turn.status !== "unsent",
    ...(turn.message && "button" in turn.message ? { button: turn.message.button } : {}),
  }));
}

export const isLocal = (turn: Turn): boolean => turn.status === "sending" || turn.status === "waiting" || turn.status === "unsent";

const isSame = (a: Turn, b: Turn): boolean => (a.turn !== null && a.turn === b.turn) || (a.key !== null && a.key === b.key);

/**
 * The newest page of the transcript over what is shown: the server is right about everything it knows,
 * except for turns that are being streamed here; ours that it does not know stay, at the end.
 */
export function merge(shown: Turn[], page: ServerTurn[], more: boolean): Turn[] {
  const known = page.map(fromServer).map((turn) => {
    const ours = shown.find((one) => isSame(one, turn));
    return ours && (ours.status === "sending" || ours.status === "waiting") ? ours : turn;
  });
  const first = known[0];
  const earlier = more && first ? shown.filter((turn) => turn.turn && !isLocal(turn) && turn.at < first.at && !known.some((one) => isSame(one, turn))) : [];
  const local = shown.filter((turn) => isLocal(turn) && !known.some((one) => isSame(one, turn)));
  return [...earlier, ...known, ...local];
}

/** *turns* after the one with *key* was told its id: it is shown once, at the place where the transcript had it. */
export function settle(turns: Turn[], key: string): Turn[] {
  const ours = turns.find((turn) => turn.key === key);
  const other = turns.findIndex((turn) => turn !== ours && turn.turn !== null && turn.turn === ours?.turn);
  if (!ours || other < 0) return turns;
  return turns.map((turn, i) => (i === other ? ours : turn)).filter((turn, i) => turn !== ours || i === other);
}

/** What *event* of its stream makes of *turn*. A re-sent message gets its replies again: each is shown once. */
export function advance(turn: Turn, event: StreamEvent): Turn {
  switch (event.event) {
    case "typing":
      return { ...turn, turn: event.turn, at: event.at, text: event.text || turn.text, replies: [] };
    case "reply":
      return { ...turn, replies: [...turn.replies.filter((reply) => reply.id !== event.reply.id), event.reply] };
    case "done":
      return { ...turn, status: event.status, problem: "" };
  }
}

/** An open turn is answered elsewhere: for another tab, or from before a reload. One that stays open was broken off. */
export const giveUpOpen = (turns: Turn[]): Turn[] => turns.map((turn) => (turn.status === "open" ? { ...turn, status: "unsent" } : turn));
