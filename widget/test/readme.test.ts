import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ATTRIBUTES } from "../src/options";

const readme = readFileSync("README.md", "utf8");
const styles = readdirSync("src/styles").map((name) => readFileSync(`src/styles/${name}`, "utf8")).join("");

test("the README names every attribute, and none that there is not", () => {
  const named = [...readme.matchAll(/^\| `(data-[a-z-]+)`/gm)].map((found) => found[1]);

  expect(named.sort()).toEqual([...ATTRIBUTES].sort());
});

test("the README names every custom property that the style sheet reads", () => {
  const read = new Set([...styles.matchAll(/var\((--tandem-[a-z-]+)/g)].map((found) => found[1] as string));
  const named = new Set([...readme.matchAll(/`(--tandem-[a-z-]+)`/g)].map((found) => found[1] as string));

  expect([...named].sort()).toEqual([...read].sort());
});
