/** The conversation, and where it is scrolled to. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { State } from "../store";
import { day, dayName, isToday } from "../time";
import { useUi } from "./context";
import { Icon } from "./icons";
import { TurnView } from "./TurnView";
import { useScroll } from "./useScroll";
import { Welcome } from "./Welcome";

export function Log({ state }: { state: State }) {
  const { conversation, options } = useUi();
  const { strings, lang } = options;
  const place = useRef<HTMLDivElement>(null);
  const { missed, toEnd } = useScroll(place, state.turns);
  const typing = isTyping(state);
  const rows: ComponentChildren[] = [];
  let before = "";
  for (const turn of state.turns) {
    if (day(turn.at) !== before && (before || !isToday(turn.at))) rows.push(<p class="day" key={`day ${turn.at}`}>{dayName(turn.at, lang, strings.today)}</p>);
    before = day(turn.at);
    rows.push(<TurnView key={turn.key ?? turn.turn} turn={turn} />);
  }
  return (
    <div class="log-frame">
      <div class="log" ref={place} role="log" aria-label={strings.conversation} aria-busy={state.phase === "loading"} tabIndex={0}>
        {state.more ? (
          <button type="button" class="plain earlier" onClick={() => void conversation.earlier()}>
            {strings.earlier}
          </button>
        ) : (
          <Welcome fresh={state.turns.length === 0 && state.phase !== "loading"} />
        )}
        {state.phase === "loading" && !state.turns.length && <p class="day">{strings.loading}</p>}
        {rows}
        {typing && (
          <div class="typing" aria-hidden="true">
            <i />
            <i />
            <i />
          </div>
        )}
      </div>
      {missed && (
        <button type="button" class="missed" onClick={toEnd}>
          <Icon name="below" />
          {strings.newAnswer}
        </button>
      )}
    </div>
  );
}

export const isTyping = (state: State): boolean =>
  state.turns.some((turn) => turn.status === "open" || (turn.status === "sending" && state.online));
