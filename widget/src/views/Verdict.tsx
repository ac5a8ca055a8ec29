/** The order that an answer recommends, as a picture with its words. Other verdicts are said by the headline alone. */

import { useUi } from "./context";
import { Icon } from "./icons";

export function Verdict({ verdict }: { verdict: string }) {
  const { strings } = useUi().options;
  const lift = (
    <span class="step">
      <Icon name="lift" />
      {strings.lift}
    </span>
  );
  const run = (
    <span class="step">
      <Icon name="run" />
      {strings.run}
    </span>
  );
  const then = (
    <span class="then">
      <Icon name="arrow" />
      <span class="hidden">{strings.then}</span>
    </span>
  );
  if (verdict === "lift_first") return <p class="verdict">{[lift, then, run]}</p>;
  if (verdict === "run_first") return <p class="verdict">{[run, then, lift]}</p>;
  if (verdict === "either_order") return <p class="verdict either">{strings.eitherOrder}</p>;
  return null;
}
