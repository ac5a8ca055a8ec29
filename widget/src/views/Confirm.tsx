/** Asks before anything is deleted. Takes the place of the message box, so that nothing lies behind it. */

import { useEffect, useId, useRef } from "preact/hooks";
import { useUi } from "./context";
import type { Asked } from "./Header";

export function Confirm({ asked, onAnswer }: { asked: Asked; onAnswer: (yes: boolean) => void }) {
  const { strings } = useUi().options;
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => cancel.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onAnswer(false);
  };
  return (
    <div class="confirm" role="alertdialog" aria-labelledby={id} onKeyDown={onKeyDown}>
      <p id={id}>{asked === "forget" ? strings.forgetAsk : strings.startOverAsk}</p>
      <div class="confirm-buttons">
        <button type="button" class="plain" ref={cancel} onClick={() => onAnswer(false)}>
          {strings.cancel}
        </button>
        <button type="button" class="solid" onClick={() => onAnswer(true)}>
          {asked === "forget" ? strings.delete : strings.startOver}
        </button>
      </div>
    </div>
  );
}
