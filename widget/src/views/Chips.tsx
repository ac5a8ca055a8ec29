/** Buttons that the server offers: the next question, "did you mean", a goal. */

import type { Button } from "../contract";
import { useUi } from "./context";
import { Icon } from "./icons";

/** `lines`: one below the other, for questions; `words`: side by side, for a word or two. */
export function Chips({ buttons, label, shape }: { buttons: Button[]; label: string; shape: "lines" | "words" }) {
  const { conversation, options } = useUi();
  if (!buttons.length) return null;
  return (
    <div class={`chips ${shape}`} role="group" aria-label={label}>
      <span class="label" aria-hidden="true">
        {label}
      </span>
      {buttons.map((button) => (
        <button key={button.button} type="button" class="chip" lang={options.contentLang} onClick={() => conversation.press(button)}>
          <span dir="auto">{button.title}</span>
          {shape === "lines" && <Icon name="arrow" />}
        </button>
      ))}
    </div>
  );
}
