/** <tandem-chat>: attributes in, a shadow root out. */

import { render } from "preact";
import { Api } from "./api";
import { Conversation } from "./conversation";
import { Memory } from "./memory";
import { ATTRIBUTES, readOptions, type Options } from "./options";
import sheet from "./styles/index.css?inline";
import { Chat } from "./views/Chat";

/** Where the script came from: there is the gateway, unless `data-server` names another. */
let home = "";

export function define(script: HTMLScriptElement | null): void {
  home = script ? new URL(script.src, document.baseURI).origin : location.origin;
  if (!customElements.get("tandem-chat")) customElements.define("tandem-chat", TandemChat);
}

export class TandemChat extends HTMLElement {
  static observedAttributes = [...ATTRIBUTES];

  private readonly shadow = this.attachShadow({ mode: "open" });
  private life: { conversation: Conversation; memory: Memory; options: Options } | null = null;
  private isOpen = false;
  private byHand = false;

  connectedCallback(): void {
    const style = new CSSStyleSheet(); // not a <style> element: a strict Content-Security-Policy forbids those
    style.replaceSync(sheet);
    this.shadow.adoptedStyleSheets = [style];
    const options = readOptions(this, home);
    const memory = new Memory(options.server);
    const conversation = new Conversation(new Api(options.server, memory), memory, options.server, () => this.draw());
    this.life = { conversation, memory, options };
    this.isOpen = options.inline || (memory.open ?? options.open);
    this.draw();
  }

  disconnectedCallback(): void {
    render(null, this.shadow);
    this.life?.conversation.close();
    this.life = null;
  }

  attributeChangedCallback(name: string): void {
    if (!this.life) return;
    if (name === "data-server") {
      this.disconnectedCallback();
      return this.connectedCallback();
    }
    this.life.options = readOptions(this, home);
    this.draw();
  }

  get open(): boolean {
    return this.isOpen;
  }

  /** Opens or closes the panel, for a page that has a button of its own. */
  set open(open: boolean) {
    if (open === this.isOpen || !this.life || this.life.options.inline) return;
    this.isOpen = open;
    this.byHand = true;
    this.life.memory.open = open;
    this.draw();
    this.dispatchEvent(new CustomEvent(open ? "tandem-open" : "tandem-close", { bubbles: true }));
  }

  private draw(): void {
    if (!this.life) return;
    const onOpen = (open: boolean): void => void (this.open = open);
    render(<Chat {...this.life} open={this.isOpen} byHand={this.byHand} onOpen={onOpen} />, this.shadow);
  }
}
