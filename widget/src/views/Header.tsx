/** Who speaks here, the menu, and the way out. */

import { useRef, useState } from "preact/hooks";
import { useUi } from "./context";
import { Icon, Mark, type IconName } from "./icons";

export type Asked = "start_over" | "forget";

export function Header({ titleId, onAsk, onClose }: { titleId: string; onAsk: (what: Asked) => void; onClose: (() => void) | null }) {
  const { options } = useUi();
  return (
    <header class="header">
      <Mark />
      <div class="names">
        <p class="title" id={titleId}>
          <bdi>{options.title}</bdi>
        </p>
        <p class="subtitle">{options.strings.subtitle}</p>
      </div>
      <Menu onAsk={onAsk} />
      {onClose && (
        <button type="button" class="icon-button close" aria-label={options.strings.close} title={options.strings.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}

function Menu({ onAsk }: { onAsk: (what: Asked) => void }) {
  const { strings, contact, contactLabel } = useUi().options;
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (what: Asked): void => {
    close();
    onAsk(what);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    close();
  };
  const onFocusOut = (event: FocusEvent): void => {
    if (event.relatedTarget && !place.current?.contains(event.relatedTarget as Node)) setOpen(false);
  };
  return (
    <div class="menu" ref={place} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button type="button" class="icon-button" ref={button} aria-label={strings.menu} title={strings.menu} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="more" />
      </button>
      {open && <div class="menu-shade" onClick={close} />}
      {open && (
        <ul class="menu-list">
          <Item icon="again" label={strings.startOver} onPress={() => choose("start_over")} />
          <Item icon="trash" label={strings.forget} onPress={() => choose("forget")} />
          {contact && (
            <li>
              <a class="menu-item" href={contact} target="_blank" rel="noopener noreferrer">
                <Icon name="person" />
                {contactLabel}
              </a>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function Item({ icon, label, onPress }: { icon: IconName; label: string; onPress: () => void }) {
  return (
    <li>
      <button type="button" class="menu-item" onClick={onPress}>
        <Icon name={icon} />
        {label}
      </button>
    </li>
  );
}
