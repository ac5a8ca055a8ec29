/** What a visitor must know about the connection and about what was just done. */

import type { State } from "../store";
import { useUi } from "./context";
import { Icon } from "./icons";

export function Notices({ state }: { state: State }) {
  const { conversation, options } = useUi();
  const { strings } = options;
  const own = { forgotten: strings.forgotten, started_over: strings.startedOver, failed: strings.failed, refused: strings.failed };
  return (
    <div class="notices" role="status">
      {!state.online && (
        <p class="notice">
          <Icon name="offline" />
          {strings.offline}
        </p>
      )}
      {state.online && state.phase === "failed" && (
        <p class="notice">
          <Icon name="urgent" />
          <span>{strings.loadFailed}</span>
          <button type="button" class="plain" onClick={() => void conversation.start()}>
            {strings.retry}
          </button>
        </p>
      )}
      {state.notice && (
        <p class="notice">
          <Icon name={state.notice.kind === "failed" || state.notice.kind === "refused" ? "urgent" : "done"} />
          {state.notice.text || own[state.notice.kind]}
        </p>
      )}
    </div>
  );
}
