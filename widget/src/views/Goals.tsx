/** For whom the answer is, and the goals that would change it. */

import type { Answer } from "../contract";
import { useUi } from "./context";
import { Chips } from "./Chips";
import { Icon } from "./icons";

export function Goals({ answer }: { answer: Answer }) {
  const { strings, contentLang } = useUi().options;
  const { goals, goalChoices } = answer;
  const label = goals.length ? strings.goalChange : strings.goalAsk;
  if (!goals.length && !goalChoices.length) return null;
  return (
    <div class="goals">
      {goals.length > 0 && (
        <p class="goal-for">
          <span class="label">{strings.goalFor}</span>
          {goals.map((goal) => (
            <span key={goal.id} class="goal" lang={contentLang}>
              <Icon name="done" />
              {goal.title}
            </span>
          ))}
        </p>
      )}
      <Chips buttons={goalChoices} label={label} shape="words" />
    </div>
  );
}
