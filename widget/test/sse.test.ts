import { expect, test } from "vitest";
import { frames, readFrame } from "../src/sse";

const stream = (...chunks: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(new TextEncoder().encode(chunk)));
      controller.close();
    },
  });

test("an event that arrives in pieces is one event", async () => {
  const found = [];
  for await (const frame of frames(stream("event: typ", 'ing\ndata: {"a"', ":1}\n", "\nevent: done\ndata: {}\n\n"), () => undefined)) found.push(frame);

  expect(found).toEqual([{ event: "typing", data: '{"a":1}' }, { event: "done", data: "{}" }]);
});

test("the heartbeat is no event, but a sign of life", async () => {
  const found = [];
  let signs = 0;
  for await (const frame of frames(stream(": still here\n\n", ": still here\n\n"), () => signs++)) found.push(frame);

  expect(found).toEqual([]);
  expect(signs).toBe(2);
});

test("a letter cut in half between two chunks stays whole", async () => {
  const bytes = new TextEncoder().encode("data: ü\n\n");
  const halves = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.slice(0, 7));
      controller.enqueue(bytes.slice(7));
      controller.close();
    },
  });
  for await (const frame of frames(halves, () => undefined)) expect(frame.data).toBe("ü");
});

test("data of several lines is joined", () => {
  expect(readFrame("data: one\ndata: two")).toEqual({ event: "message", data: "one\ntwo" });
});
