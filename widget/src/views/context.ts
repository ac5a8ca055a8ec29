/** What every view may use: the options, the conversation, and a voice for screen readers. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Conversation } from "../conversation";
import type { Options } from "../options";

export interface Ui {
  options: Options;
  conversation: Conversation;
  /** Says *text* to screen readers, once. */
  announce: (text: string) => void;
}

const Context = createContext<Ui | null>(null);

export const UiProvider = Context.Provider;

export function useUi(): Ui {
  return useContext(Context) as Ui;
}
