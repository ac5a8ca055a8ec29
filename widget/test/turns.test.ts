import { expect, test } from "vitest";
import type { ServerTurn, StreamEvent } from "../src/contract";
import { advance, fromServer, fromUnsent, merge, newTurn, settle, toUnsent, type Turn } from "../src/turns";

const server = (id: string, more: Partial<ServerTurn> = {}): ServerTurn => ({
  turn: id,
  key: `key-${id}`,
  at: `2026-11-22T03:00:0${id}.000Z`,
  text: `question ${id}`,
  button: false,
  status: "answered",
  replies: [],
  ...more,
});
const mine = (key: string, more: Partial<Turn> = {}): Turn => ({ ...newTurn("mine", { text: "mine" }, key, "2026-11-22T03:00:09.000Z"), ...more });

test("a message that reached the server after all is shown once", () => {
  const merged = merge([mine("key-1", { status: "unsent" })], [server("1")], false);

  expect(merged.map((turn) => [turn.turn, turn.status])).toEqual([["1", "answered"]]);
});

test("a message that the server does not know stays, at the end", () => {
  const merged = merge([mine("lost", { status: "unsent" })], [server("1")], false);

  expect(merged.map((turn) => turn.key)).toEqual(["key-1", "lost"]);
});

test("a turn that is being streamed here is not replaced by what another tab knows of it", () => {
  const streaming = mine("key-1", { turn: "1", status: "sending" });

  expect(merge([streaming], [server("1", { status: "open" })], false)[0]).toBe(streaming);
});

test("what was started over elsewhere is gone here", () => {
  expect(merge([fromServer(server("1"))], [], false)).toEqual([]);
});

test("earlier pages stay when the newest page is read again", () => {
  const merged = merge([fromServer(server("1")), fromServer(server("2"))], [server("2"), server("3")], true);

  expect(merged.map((turn) => turn.turn)).toEqual(["1", "2", "3"]);
});

test("a reply that comes again is shown once", () => {
  const reply: StreamEvent = { event: "reply", reply: { id: "1.0", at: "", text: "hi", feedback: null, kind: "talk", choices: [] } };

  expect(advance(advance(mine("k"), reply), reply).replies).toHaveLength(1);
});

test("what is unsent survives a reload, and so does a button", () => {
  const pressed = mine("k", { message: { button: "b1" }, status: "unsent" });
  const kept = toUnsent([pressed, fromServer(server("1"))]);

  expect(kept).toHaveLength(1);
  expect(kept.map(fromUnsent)).toMatchObject([{ key: "k", status: "unsent", message: { button: "b1" } }]);
});

test("what was on its way when the page was left is sent again by itself", () => {
  expect(toUnsent([mine("k")]).map(fromUnsent)).toMatchObject([{ status: "sending" }]);
});

test("a message sent again that turns out to be in the transcript is shown once, at its place there", () => {
  const ours = mine("k", { turn: "1" });
  const settled = settle([fromServer(server("1", { key: null })), fromServer(server("2")), ours], "k");

  expect(settled.map((turn) => turn.turn)).toEqual(["1", "2"]);
  expect(settled[0]).toBe(ours);
});
