import { expect, test } from "vitest";
import { contrast, readableAccent } from "../src/colour";

const rgb = (hex: string): [number, number, number] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [number, number, number];

test.each(["#ffd400", "#fff", "#0b6a58", "#ff00aa", "#000000"])("%s becomes readable on light and on dark", (hex) => {
  for (const surface of ["#ffffff", "#1a201d"]) {
    const found = readableAccent(hex, surface);

    expect(contrast(rgb(found?.accent ?? ""), rgb(surface))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb(found?.onAccent ?? ""), rgb(found?.accent ?? ""))).toBeGreaterThanOrEqual(4.5);
  }
});

test("a colour that is readable already is left alone", () => {
  expect(readableAccent("#0b6a58", "#ffffff")?.accent).toBe("#0b6a58");
});

test("what is not a hex colour changes nothing", () => {
  expect(readableAccent("red; } * {", "#ffffff")).toBeNull();
});
