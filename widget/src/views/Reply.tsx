/** One reply, drawn by its kind. */

import { Markdown, inline } from "../markdown";
import type { Answer, Apology, Gap, Reply, Talk } from "../contract";
import { useUi } from "./context";
import { Care } from "./Care";
import { Chips } from "./Chips";
import { Disagreement } from "./Disagreement";
import { Goals } from "./Goals";
import { Icon } from "./icons";
import { Sources } from "./Sources";
import { Time, Tools } from "./Tools";
import { Verdict } from "./Verdict";

export function ReplyView({ reply, onRetry }: { reply: Reply; onRetry: (() => void) | null }) {
  switch (reply.kind) {
    case "answer":
      return <AnswerView answer={reply} />;
    case "gap":
      return <GapView gap={reply} />;
    case "care":
      return <Care care={reply} />;
    case "error":
      return <ApologyView apology={reply} onRetry={onRetry} />;
    default:
      return <TalkView talk={reply} />;
  }
}

function AnswerView({ answer }: { answer: Answer }) {
  const { strings } = useUi().options;
  return (
    <div class="reply answer">
      <div class="card">
        {answer.move && answer.move !== "repeat" ? <Retold answer={answer} /> : <Told answer={answer} />}
        <Sources evidence={answer.evidence} />
        <Tools reply={answer} />
      </div>
      <Chips buttons={answer.followUps} label={strings.next} shape="lines" />
    </div>
  );
}

function Told({ answer }: { answer: Answer }) {
  const { contentLang } = useUi().options;
  return (
    <>
      <Verdict verdict={answer.verdict} />
      <div lang={contentLang} dir="auto">
        <p class="headline">{inline(answer.headline)}</p>
        {answer.reason && (
          <div class="reason">
            <Markdown text={answer.reason} />
          </div>
        )}
      </div>
      {answer.missing && (
        <p class="missing" lang={contentLang}>
          <Icon name="none" />
          <span dir="auto">{answer.missing}</span>
        </p>
      )}
      <Goals answer={answer} />
      <Disagreement text={answer.disagreement} evidence={answer.evidence} />
    </>
  );
}

/** Asked for the reason, for more, for the evidence, or for it in short: that alone. */
function Retold({ answer }: { answer: Answer }) {
  const { contentLang } = useUi().options;
  return (
    <div class={answer.move === "short" ? "headline" : "text"} lang={contentLang} dir="auto">
      <Markdown text={answer.text} />
    </div>
  );
}

function GapView({ gap }: { gap: Gap }) {
  const { strings, contentLang } = useUi().options;
  return (
    <div class="reply gap">
      <div class="card">
        <p class="badge">
          <Icon name="none" />
          {strings.gap}
        </p>
        <div class="text" lang={contentLang} dir="auto">
          <Markdown text={gap.text} />
        </div>
        <Tools reply={gap} />
      </div>
      <Chips buttons={gap.followUps} label={strings.next} shape="lines" />
    </div>
  );
}

function TalkView({ talk }: { talk: Talk }) {
  const { strings, contentLang } = useUi().options;
  return (
    <div class={`reply ${talk.kind}`}>
      <div class="card">
        <div class="text" lang={contentLang} dir="auto">
          <Markdown text={talk.text} />
        </div>
        <Time at={talk.at} />
      </div>
      <Chips buttons={talk.choices} label={talk.kind === "did_you_mean" ? strings.choose : strings.next} shape="lines" />
    </div>
  );
}

function ApologyView({ apology, onRetry }: { apology: Apology; onRetry: (() => void) | null }) {
  const { strings, contentLang, contact, contactLabel } = useUi().options;
  return (
    <div class="reply error">
      <div class="card">
        <p class="badge">
          <Icon name="again" />
          {strings.apology}
        </p>
        <div class="text" lang={contentLang} dir="auto">
          <Markdown text={apology.text} />
        </div>
        <div class="ways-on">
          {onRetry && (
            <button type="button" class="chip" onClick={onRetry}>
              <Icon name="again" />
              {strings.retry}
            </button>
          )}
          {contact && (
            <a href={contact} target="_blank" rel="noopener noreferrer">
              {contactLabel}
            </a>
          )}
        </div>
        <Time at={apology.at} />
      </div>
    </div>
  );
}
