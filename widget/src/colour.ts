/** Text that can be read on and in a colour somebody chose. */

export interface Accent {
  accent: string;
  onAccent: string;
}

type Rgb = [number, number, number];

const READABLE = 4.5; // WCAG AA for text
const ON_SURFACE = 5.5; // leaves enough on the tints that are mixed of surface and accent

/**
 * *hex*, made darker (on light) or lighter (on dark) until text in it is readable on *surface*, and the text colour on it.
 *
 * Returns null for what is not a hex colour: then the style sheet's colours stay.
 */
export function readableAccent(hex: string, surface: string): Accent | null {
  const colour = parse(hex);
  const behind = parse(surface);
  if (!colour || !behind) return null;
  const towards: Rgb = luminance(behind) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  let mixed = colour;
  for (let step = 0; step <= 20 && contrast(mixed, behind) < ON_SURFACE; step++) mixed = mix(colour, towards, step / 20);
  const onAccent = contrast(mixed, [255, 255, 255]) >= READABLE ? "#ffffff" : "#101412";
  return { accent: format(mixed), onAccent };
}

function parse(hex: string): Rgb | null {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(hex.trim());
  const long = short ? `#${short.slice(1).map((digit) => digit + digit).join("")}` : hex.trim();
  const found = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(long);
  return found ? (found.slice(1).map((part) => parseInt(part, 16)) as Rgb) : null;
}

const format = (colour: Rgb): string => `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
const mix = (a: Rgb, b: Rgb, share: number): Rgb => a.map((part, i) => part + ((b[i] as number) - part) * share) as Rgb;

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
