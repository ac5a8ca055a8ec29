/** The numbered sources of an answer. A number opens document, section, and what is said there. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Evidence } from "../contract";
import { fill } from "../strings";
import { useUi } from "./context";
import { Icon } from "./icons";

export function Sources({ evidence }: { evidence: Evidence[] }) {
  const { strings, contentLang } = useUi().options;
  const [open, setOpen] = useState<number | null>(null);
  const id = useId();
  if (!evidence.length) return null;
  const shown = open === null ? undefined : evidence[open];
  return (
    <div class="sources" role="group" aria-label={strings.sources}>
      <div class="numbers">
        <span class="label" aria-hidden="true">
          {strings.sources}
        </span>
        {evidence.map((piece, i) => (
          <button
            key={i}
            type="button"
            class={`number ${piece.stance}`}
            aria-expanded={open === i}
            aria-controls={open === i ? id : undefined}
            aria-label={`${fill(strings.source, { n: i + 1 })}: ${piece.document}, ${piece.section}; ${strings[piece.stance]}`}
            onClick={() => setOpen(open === i ? null : i)}
          >
            {i + 1}
            {piece.stance === "contradicts" && <Icon name="split" />}
          </button>
        ))}
      </div>
      {shown && <Passage key={open} id={id} number={(open as number) + 1} piece={shown} lang={contentLang} />}
    </div>
  );
}

function Passage({ id, number, piece, lang }: { id: string; number: number; piece: Evidence; lang: string }) {
  const { strings } = useUi().options;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div class={`passage ${piece.stance}`} id={id} ref={place}>
      <p class="stance">
        <Icon name={piece.stance === "supports" ? "done" : "split"} />
        {fill(strings.source, { n: number })} · {strings[piece.stance]}
      </p>
      <p class="document" lang={lang} dir="auto">
        {piece.document}
      </p>
      <p class="section" lang={lang} dir="auto">
        {piece.section}
      </p>
      {piece.note && (
        <p class="note" lang={lang} dir="auto">
          {sentence(piece.note)}
        </p>
      )}
    </div>
  );
}

/** Notes are written as half sentences or whole ones; both are shown as whole ones. */
export function sentence(note: string): string {
  const text = note.trim();
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}
