/** The first thing said: what this is, and three questions to begin with. */

import { useUi } from "./context";
import { Icon } from "./icons";

export function Welcome({ fresh }: { fresh: boolean }) {
  const { conversation, options } = useUi();
  const { strings, starters, contentLang } = options;
  const ask = (question: string, button: HTMLElement): void => {
    button.closest<HTMLElement>(".log")?.focus(); // the button goes away, the focus must not
    conversation.send(question);
  };
  return (
    <div class="welcome">
      <p class="greeting" dir="auto">
        {options.greeting}
      </p>
      {fresh && starters.length > 0 && (
        <div class="chips lines" role="group" aria-label={strings.starters}>
          <span class="label" aria-hidden="true">
            {strings.starters}
          </span>
          {starters.map((question) => (
            <button key={question} type="button" class="chip" lang={contentLang} onClick={(event) => ask(question, event.currentTarget)}>
              <span dir="auto">{question}</span>
              <Icon name="arrow" />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
