/** One turn: what the visitor said, what became of it, and the replies. */

import type { Turn } from "../turns";
import { useUi } from "./context";
import { Icon } from "./icons";
import { ReplyView } from "./Reply";
import { Time } from "./Tools";

export function TurnView({ turn }: { turn: Turn }) {
  const { conversation, options } = useUi();
  const retry = (): void => conversation.retry(turn);
  return (
    <div class="turn" data-status={turn.status}>
      <div class="asked">
        <p class="bubble">
          <span class="hidden">{options.strings.you}: </span>
          <span dir="auto">{turn.text}</span>
        </p>
        <Fate turn={turn} onRetry={retry} />
      </div>
      {turn.replies.map((reply) => (
        <ReplyView key={reply.id} reply={reply} onRetry={turn.status === "failed" ? retry : null} />
      ))}
    </div>
  );
}

function Fate({ turn, onRetry }: { turn: Turn; onRetry: () => void }) {
  const { strings } = useUi().options;
  if (turn.status === "unsent")
    return (
      <p class="fate unsent">
        <span>
          <Icon name="urgent" />
          {turn.problem || (turn.turn ? strings.brokenOff : strings.unsent)}
        </span>
        <button type="button" class="plain" onClick={onRetry}>
          {strings.retry}
        </button>
      </p>
    );
  if (turn.status === "waiting")
    return (
      <p class="fate">
        <span>
          <Icon name="wait" />
          {turn.problem} {strings.waiting}
        </span>
      </p>
    );
  return (
    <p class="fate">
      <Time at={turn.at} />
    </p>
  );
}
