/** Below an answer: when it came, copy, thumbs, and a word about it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { copy, plain } from "../copying";
import type { Reply, Vote } from "../contract";
import { clock, full } from "../time";
import { useUi } from "./context";
import { Icon } from "./icons";

const LONGEST_WORD = 500;

export function Time({ at }: { at: string }) {
  const { lang } = useUi().options;
  return (
    <time dateTime={at} title={full(at, lang)}>
      {clock(at, lang)}
    </time>
  );
}

export function Tools({ reply }: { reply: Reply }) {
  const { conversation, options } = useUi();
  const { strings } = options;
  const [asking, setAsking] = useState(false);
  const [thanked, setThanked] = useState(false);
  const given = reply.feedback?.vote ?? null;
  const vote = (choice: Vote): void => {
    const now = given === choice ? null : choice;
    setAsking(now !== null);
    setThanked(false);
    void conversation.vote(reply, now, "").then((done) => done || setAsking(false));
  };
  return (
    <>
      <div class="tools">
        <Time at={reply.at} />
        <span class="spring" />
        <Copy reply={reply} />
        {(["up", "down"] as const).map((choice) => (
          <button key={choice} type="button" class="tool" aria-pressed={given === choice} aria-label={strings[choice]} title={strings[choice]} onClick={() => vote(choice)}>
            <Icon name={choice} />
          </button>
        ))}
      </div>
      {asking && given && <Word reply={reply} vote={given} onDone={() => (setAsking(false), setThanked(true))} />}
      {thanked && <p class="thanks">{strings.thanks}</p>}
    </>
  );
}

function Copy({ reply }: { reply: Reply }) {
  const { announce, options } = useUi();
  const { strings } = options;
  const [copied, setCopied] = useState(false);
  const press = async (): Promise<void> => {
    if (!(await copy(plain(reply, strings)))) return announce(strings.failed);
    setCopied(true);
    announce(strings.copied);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <button type="button" class={copied ? "tool done" : "tool"} aria-label={strings.copy} title={strings.copy} onClick={() => void press()}>
      <Icon name={copied ? "done" : "copy"} />
      {copied && <span aria-hidden="true">{strings.copied}</span>}
    </button>
  );
}

function Word({ reply, vote, onDone }: { reply: Reply; vote: Vote; onDone: () => void }) {
  const { announce, conversation, options } = useUi();
  const { strings } = options;
  const form = useRef<HTMLFormElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => form.current?.scrollIntoView({ block: "nearest" }), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const word = input.current?.value.trim() ?? "";
    if (word && !(await conversation.vote(reply, vote, word))) return;
    announce(strings.thanks);
    onDone();
  };
  return (
    <form class="word" ref={form} onSubmit={(event) => void submit(event)}>
      <label>
        <span>{strings.word}</span>
        <input ref={input} type="text" maxLength={LONGEST_WORD} autocomplete="off" />
      </label>
      <button type="submit" class="plain">
        {strings.sendWord}
      </button>
    </form>
  );
}
