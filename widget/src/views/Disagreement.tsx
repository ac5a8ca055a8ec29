/** Where the documents disagree: both sides, beside each other where there is room. */

import type { Evidence } from "../contract";
import { useUi } from "./context";
import { Icon } from "./icons";
import { sentence } from "./Sources";

/** The reason stands above; what speaks against it is news. The rest is behind the numbers. */
const SHOWN = { supports: 1, contradicts: 2 };

export function Disagreement({ text, evidence }: { text: string; evidence: Evidence[] }) {
  const { strings } = useUi().options;
  if (!text) return null;
  const against = evidence.some((piece) => piece.stance === "contradicts" && piece.note);
  return (
    <div class="differ" role="group" aria-label={strings.differ}>
      <p class="differ-title">
        <Icon name="split" />
        {strings.differ}
      </p>
      {against ? (
        <div class="sides">
          <Side stance="supports" label={strings.differFor} evidence={evidence} />
          <Side stance="contradicts" label={strings.differAgainst} evidence={evidence} />
        </div>
      ) : (
        <p dir="auto">{text}</p>
      )}
    </div>
  );
}

function Side({ stance, label, evidence }: { stance: Evidence["stance"]; label: string; evidence: Evidence[] }) {
  const { contentLang } = useUi().options;
  const told = evidence.map((piece, i) => ({ piece, number: i + 1 })).filter(({ piece }) => piece.stance === stance && piece.note);
  if (!told.length) return null;
  return (
    <div class={`side ${stance}`}>
      <p class="side-label">{label}</p>
      <ul lang={contentLang}>
        {told.slice(0, SHOWN[stance]).map(({ piece, number }) => (
          <li key={number} dir="auto">
            {sentence(piece.note)} <span class="ref">[{number}]</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
