import type { VNode } from "preact";
import { expect, test } from "vitest";
import { inline } from "../src/markdown";

const types = (text: string): unknown[] => inline(text).map((node) => (typeof node === "string" ? node : (node as VNode).type));

test("strong, emphasis and code become elements", () => {
  expect(types("a **b** *c* `d`")).toEqual(["a ", "strong", " ", "em", " ", "code"]);
});

test("HTML stays the text it is", () => {
  expect(types("<b>x</b><script>1</script>")).toEqual(["<b>x</b><script>1</script>"]);
});

test.each(["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//evil.example", "/ask"])("a link to %s is not made", (address) => {
  expect(types(`[x](${address})`)).toEqual([`[x](${address})`]);
});

test("a link to a web address is made, and tells the other side nothing", () => {
  const [link] = inline("[x](https://a.example)") as VNode<Record<string, string>>[];

  expect(link?.props).toMatchObject({ href: "https://a.example", rel: "noopener noreferrer nofollow" });
});

test("stars of a calculation are no emphasis", () => {
  expect(types("3 * 10 * 2")).toEqual(["3 * 10 * 2"]);
});
