/** The attributes of the element (and of the script, the same names) as options. */

import { isRightToLeft, speak, STARTERS, type Strings } from "./strings";

export interface Options {
  server: string;
  title: string;
  greeting: string;
  launcher: string;
  starters: string[];
  /** An address to reach a person: a URL, mailto: or tel:. Empty: none is offered. */
  contact: string;
  contactLabel: string;
  lang: string;
  /** The language of the answers, for screen readers. */
  contentLang: string;
  dir: "ltr" | "rtl";
  theme: "auto" | "light" | "dark";
  corner: "start" | "end";
  inline: boolean;
  /** Open at the first visit. Later visits keep what the visitor chose. */
  open: boolean;
  /** A hex colour; the colours of text on and in it follow. Empty: the style sheet's. */
  accent: string;
  strings: Strings;
}

/** All are optional. On the script and on the element alike: `data-title`, `data-contact`, … */
export const ATTRIBUTES = [
  "data-accent",
  "data-contact",
  "data-contact-label",
  "data-content-lang",
  "data-corner",
  "data-dir",
  "data-greeting",
  "data-lang",
  "data-launcher",
  "data-mode",
  "data-open",
  "data-server",
  "data-starters",
  "data-theme",
  "data-title",
] as const;

export function readOptions(element: HTMLElement, home: string): Options {
  const given = element.dataset;
  const page = element.closest<HTMLElement>("[lang]")?.lang ?? "";
  const { lang, strings } = speak(given.lang || page || "en");
  const rightToLeft = given.dir ? given.dir === "rtl" : isRightToLeft(lang);
  const title = given.title || "Tandem";
  return {
    server: (given.server || home).replace(/\/+$/, ""),
    title,
    greeting: given.greeting || strings.greeting,
    launcher: given.launcher || strings.launcher.replace("{title}", title),
    starters: given.starters === undefined ? STARTERS : split(given.starters),
    contact: isAddress(given.contact) ? given.contact : "",
    contactLabel: given.contactLabel || strings.contact,
    lang,
    contentLang: given.contentLang || "en",
    dir: rightToLeft ? "rtl" : "ltr",
    theme: given.theme === "light" || given.theme === "dark" ? given.theme : "auto",
    corner: readCorner(given.corner, rightToLeft),
    inline: given.mode !== "floating",
    open: given.open !== undefined && given.open !== "false",
    accent: given.accent ?? "",
    strings,
  };
}

/** "left" and "right" are sides of the screen; "start" and "end" follow the direction of the text. */
function readCorner(given: string | undefined, rightToLeft: boolean): "start" | "end" {
  if (given === "left") return rightToLeft ? "end" : "start";
  if (given === "right") return rightToLeft ? "start" : "end";
  return given === "start" ? "start" : "end";
}

const split = (questions: string): string[] =>
  questions
    .split("|")
    .map((one) => one.trim())
    .filter(Boolean);

/** What a link may lead to. Anything else (javascript:, data:) is left out. */
export const isAddress = (address: string | undefined): address is string => /^(https?:|mailto:|tel:)/i.test(address ?? "");
