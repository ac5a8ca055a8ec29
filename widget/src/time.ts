/** Times as people read them. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: string, options: Intl.DateTimeFormatOptions, at: string): string {
  const name = lang + JSON.stringify(options);
  const made = formats.get(name) ?? new Intl.DateTimeFormat(regional(lang), options);
  formats.set(name, made);
  return made.format(new Date(at));
}

/** English for somebody in Britain has 24 hours: the browser knows where, the interface only which language. */
const regional = (lang: string): string => navigator.languages.find((one) => one.split("-")[0] === lang.split("-")[0]) ?? lang;

export const clock = (at: string, lang: string): string => format(lang, { hour: "numeric", minute: "2-digit" }, at);

export const full = (at: string, lang: string): string => format(lang, { dateStyle: "full", timeStyle: "short" }, at);

export const day = (at: string): string => new Date(at).toDateString();

export const isToday = (at: string): boolean => day(at) === new Date().toDateString();

export const dayName = (at: string, lang: string, today: string): string =>
  isToday(at) ? today : format(lang, { weekday: "long", day: "numeric", month: "long" }, at);
