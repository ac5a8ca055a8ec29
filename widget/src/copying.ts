/** An answer as plain text, and onto the clipboard. */

import type { Evidence, Reply } from "./contract";
import type { Strings } from "./strings";

export function plain(reply: Reply, strings: Strings): string {
  const evidence = reply.kind === "answer" ? reply.evidence : [];
  const sources = evidence.length ? [`${strings.sources}:\n${evidence.map(line).join("\n")}`] : [];
  return [reply.text, ...sources].join("\n\n");
}

const line = (piece: Evidence, index: number): string => `[${index + 1}] ${piece.document}: ${piece.section}`;

/** Also on plain http, where browsers have no `navigator.clipboard`. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement as HTMLElement | null;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  return done;
}
