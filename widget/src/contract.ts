/** What the gateway says, as types, and the one place where its JSON is checked. Nothing behind this file checks again. */

export type Vote = "up" | "down";

export interface Button {
  title: string;
  button: string;
}

export interface Goal {
  id: string;
  title: string;
}

export interface Evidence {
  document: string;
  section: string;
  stance: "supports" | "contradicts";
  note: string;
}

interface Common {
  id: string;
  at: string;
  text: string;
  feedback: { vote: Vote; word: string } | null;
}

export interface Answer extends Common {
  kind: "answer";
  title: string;
  verdict: string;
  goals: Goal[];
  headline: string;
  reason: string;
  disagreement: string;
  /** What was asked too and the documents do not say: a sentence, or empty. */
  missing: string;
  /** Empty for an answer; why, more, evidence, short or repeat for one that is told again: then `text` is what to show. */
  move: string;
  evidence: Evidence[];
  followUps: Button[];
  goalChoices: Button[];
}

export interface Gap extends Common {
  kind: "gap";
  title: string;
  followUps: Button[];
}

export interface Talk extends Common {
  kind: "talk" | "did_you_mean";
  choices: Button[];
}

export type CareLevel = "emergency" | "urgent" | "professional";

export interface Care extends Common {
  kind: "care";
  level: CareLevel;
  title: string;
  contact: string;
}

export interface Apology extends Common {
  kind: "error";
  retry: boolean;
}

export type Reply = Answer | Gap | Talk | Care | Apology;

export type Status = "open" | "answered" | "failed";

/** A turn as the server knows it. `key`: the Idempotency-Key it was sent with. */
export interface ServerTurn {
  turn: string;
  key: string | null;
  at: string;
  text: string;
  button: boolean;
  status: Status;
  replies: Reply[];
}

export type StreamEvent =
  | { event: "typing"; turn: string; at: string; text: string }
  | { event: "reply"; reply: Reply }
  | { event: "done"; turn: string; status: Status };

type Json = Record<string, unknown>;

const object = (value: unknown): Json => (value && typeof value === "object" ? (value as Json) : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = <T>(value: unknown, read: (item: Json) => T): T[] => (Array.isArray(value) ? value.map((item) => read(object(item))) : []);
const time = (value: unknown): string => (Number.isNaN(Date.parse(text(value))) ? new Date().toISOString() : text(value));

const button = (json: Json): Button => ({ title: text(json.title), button: text(json.button) });
const buttons = (value: unknown): Button[] => list(value, button).filter((one) => one.title && one.button);

const LEVELS: readonly string[] = ["emergency", "urgent", "professional"];

/** An unknown kind is shown by its `text`: every reply has one, so that new kinds do not break old widgets. */
export function readReply(value: unknown): Reply {
  const json = object(value);
  const given = object(json.feedback);
  const feedback = given.vote === "up" || given.vote === "down" ? { vote: given.vote as Vote, word: text(given.word) } : null;
  const common: Common = { id: text(json.id), at: time(json.at), text: text(json.text), feedback };
  switch (json.kind) {
    case "answer":
      return { ...common, kind: "answer", ...readAnswer(json) };
    case "gap":
      return { ...common, kind: "gap", title: text(json.title), followUps: buttons(json.follow_ups) };
    case "care": {
      const level = (LEVELS.includes(text(json.level)) ? json.level : "professional") as CareLevel;
      return { ...common, kind: "care", level, title: text(json.title), contact: text(json.contact) };
    }
    case "error":
      return { ...common, kind: "error", retry: json.retry === true };
    default:
      return { ...common, kind: json.kind === "did_you_mean" ? "did_you_mean" : "talk", choices: buttons(json.choices) };
  }
}

function readAnswer(json: Json): Omit<Answer, keyof Common | "kind"> {
  return {
    title: text(json.title),
    verdict: text(json.verdict),
    goals: list(json.goals, (goal) => ({ id: text(goal.id), title: text(goal.title) })),
    headline: text(json.headline) || text(json.text),
    reason: text(json.reason),
    disagreement: text(json.disagreement),
    missing: text(json.missing),
    move: text(json.move),
    evidence: list(json.evidence, (piece) => ({
      document: text(piece.document) || text(piece.source),
      section: text(piece.section),
      stance: piece.stance === "contradicts" ? "contradicts" : "supports",
      note: text(piece.note),
    })),
    followUps: buttons(json.follow_ups),
    goalChoices: buttons(json.goal_choices),
  };
}

const readStatus = (value: unknown): Status => (value === "failed" || value === "open" ? value : "answered");

export function readTurn(value: unknown): ServerTurn {
  const json = object(value);
  return {
    turn: text(json.turn),
    key: text(json.key) || null,
    at: time(json.at),
    text: text(json.text),
    button: json.button === true,
    status: readStatus(json.status),
    replies: list(json.replies, readReply),
  };
}

export function readTranscript(value: unknown): { turns: ServerTurn[]; more: boolean } {
  const json = object(value);
  return { turns: list(json.turns, readTurn), more: json.more === true };
}

/** Null for an event that this widget does not know. */
export function readEvent(name: string, data: string): StreamEvent | null {
  const json = object(JSON.parse(data));
  if (name === "typing") return { event: "typing", turn: text(json.turn), at: time(json.at), text: text(json.text) };
  if (name === "reply") return { event: "reply", reply: readReply(json) };
  if (name === "done") return { event: "done", turn: text(json.turn), status: readStatus(json.status) };
  return null;
}
