/** Danger goes before everything else. Told apart from answers by frame, sign and words, not by colour alone. */

import type { Care as CareReply } from "../contract";
import { Markdown } from "../markdown";
import { isAddress } from "../options";
import { useUi } from "./context";
import { Icon } from "./icons";
import { Time } from "./Tools";

export function Care({ care }: { care: CareReply }) {
  const { strings, contentLang } = useUi().options;
  return (
    <div class={`reply care ${care.level}`} role="group" aria-label={strings[care.level]}>
      <div class="card">
        <p class="badge">
          <Icon name={care.level} />
          {strings[care.level]}
        </p>
        <div lang={contentLang} dir="auto">
          {care.title && <p class="headline">{care.title}</p>}
          <div class="text">
            <Markdown text={care.text} />
          </div>
        </div>
        {care.contact && <Contact contact={care.contact} />}
        <Time at={care.at} />
      </div>
    </div>
  );
}

/** A telephone number, a mail address or a web address can be pressed; anything else is shown. */
function Contact({ contact }: { contact: string }) {
  const { contentLang } = useUi().options;
  const address = /^\+?[\d\s().-]{2,}$/.test(contact) ? `tel:${contact.replace(/[^\d+]/g, "")}` : /^[^\s@]+@[^\s@]+$/.test(contact) ? `mailto:${contact}` : contact;
  return (
    <p class="care-contact" lang={contentLang} dir="auto">
      {isAddress(address) ? <a href={address}>{contact.replace(/^(mailto|tel):/, "")}</a> : contact}
    </p>
  );
}
