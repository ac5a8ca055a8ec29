import { expect, test } from "vitest";
import { readEvent, readReply, readTurn } from "../src/contract";

test("a reply of a kind this widget does not know is shown by its text", () => {
  const reply = readReply({ id: "t.0", at: "2026-11-22T03:00:00.000Z", kind: "poem", text: "Run, lift." });

  expect(reply).toMatchObject({ kind: "talk", text: "Run, lift.", choices: [] });
});

test("a care reply of an unknown level asks for a professional, not for nothing", () => {
  expect(readReply({ kind: "care", level: "?", text: "Stop." })).toMatchObject({ kind: "care", level: "professional" });
});

test("a button without a reference is not offered, since it could not be pressed", () => {
  const reply = readReply({ kind: "talk", text: "", choices: [{ title: "One", button: "b1" }, { title: "Two", payload: "/two" }] });

  expect(reply).toMatchObject({ choices: [{ title: "One", button: "b1" }] });
});

test("an answer with fields missing is still an answer", () => {
  expect(readReply({ kind: "answer", text: "Lift first." })).toMatchObject({ headline: "Lift first.", evidence: [], goals: [], followUps: [] });
});

test("an event of an unknown name is left out", () => {
  expect(readEvent("weather", "{}")).toBeNull();
});

test("a turn without a time or a key does not break the conversation", () => {
  const turn = readTurn({ turn: "t_1", text: "hi", status: "answered" });

  expect(turn.key).toBeNull();
  expect(Number.isNaN(Date.parse(turn.at))).toBe(false);
});
