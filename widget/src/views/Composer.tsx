/** The box a message is written in. Nothing typed is lost: it survives a reload, and a refused message comes back. */

import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useState } from "preact/hooks";
import type { Memory } from "../memory";
import type { State } from "../store";
import { fill } from "../strings";
import { useUi } from "./context";
import { Icon } from "./icons";

/** As in the gateway's settings; a gateway with another limit refuses, and the text comes back. */
const LONGEST = 1_000;
const COUNT_FROM = 900;

export function Composer({ box, memory, returned }: { box: RefObject<HTMLTextAreaElement | null>; memory: Memory; returned: State["returned"] }) {
  const { conversation, options } = useUi();
  const { strings } = options;
  const [text, setText] = useState(memory.draft);
  const id = useId();
  const left = LONGEST - [...text].length;
  const write = (value: string): void => {
    setText(value);
    memory.draft = value;
    conversation.dismissNotice();
  };
  useEffect(() => {
    if (!returned.count) return;
    setText(returned.text);
    memory.draft = returned.text;
  }, [returned.count]);
  useLayoutEffect(() => fit(box.current), [text]);

  const submit = (event: Event): void => {
    event.preventDefault();
    box.current?.focus();
    if (!text.trim() || left < 0) return;
    conversation.send(text.trim());
    write("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  return (
    <form class="composer" onSubmit={submit}>
      <label class="hidden" for={id}>
        {strings.question}
      </label>
      <div class="field">
        <textarea
          id={id}
          ref={box}
          rows={1}
          value={text}
          dir={text ? "auto" : undefined}
          placeholder={strings.placeholder}
          enterkeyhint="send"
          autocomplete="off"
          aria-invalid={left < 0}
          aria-describedby={`${id}-count`}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="send" aria-label={strings.send} title={strings.send} aria-disabled={!text.trim() || left < 0}>
          <Icon name="send" />
        </button>
      </div>
      <p class={left < 0 ? "count over" : "count"} id={`${id}-count`} role="status">
        {left < 0 ? fill(strings.tooLong, { n: -left }) : LONGEST - left >= COUNT_FROM ? fill(strings.left, { n: left }) : ""}
      </p>
    </form>
  );
}

/** As high as its text, up to what the style sheet allows. */
function fit(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
