/** The button in the corner of the page. */

import type { RefObject } from "preact";
import { useUi } from "./context";
import { Mark } from "./icons";

export function Launcher({ button, unread, onPress }: { button: RefObject<HTMLButtonElement | null>; unread: boolean; onPress: () => void }) {
  const { launcher, strings } = useUi().options;
  return (
    <button type="button" class="launcher" ref={button} aria-expanded={false} onClick={onPress}>
      <Mark />
      <span dir="auto">{launcher}</span>
      {unread && (
        <span class="unread">
          <span class="hidden">{strings.newAnswer}</span>
        </span>
      )}
    </button>
  );
}
