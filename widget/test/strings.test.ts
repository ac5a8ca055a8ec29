import { expect, test } from "vitest";
import { fill, speak } from "../src/strings";

const english = speak("en").strings;

test.each(["de", "es", "ar"])("%s has every string, with the same places to fill in", (tag) => {
  const { strings } = speak(tag);

  expect(strings).not.toBe(english);
  for (const [name, text] of Object.entries(english)) {
    const translated = strings[name as keyof typeof strings];
    expect(translated.match(/\{\w+\}/g) ?? [], name).toEqual(text.match(/\{\w+\}/g) ?? []);
    expect(translated.trim(), name).not.toBe("");
  }
});

test("a region falls back to its language, an unknown language to English", () => {
  expect(speak("de-AT").strings).toBe(speak("de").strings);
  expect(speak("xx")).toEqual({ lang: "en", strings: english });
});

test("places are filled in", () => {
  expect(fill("{n} of {title}", { n: 2, title: "T" })).toBe("2 of T");
});
