/** What stays in the browser: the session's token (all tabs), unsent messages, the draft and whether the panel is open (this tab). */

export interface Unsent {
  key: string;
  /** Its id, if the server had begun with it. */
  turn: string | null;
  text: string;
  button?: string;
  at: string;
  sending: boolean;
}

/** A storage that also works where the browser forbids one (then it forgets on reload). */
function storage(name: "localStorage" | "sessionStorage"): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    const real = window[name];
    real.setItem("tandem:probe", "1");
    real.removeItem("tandem:probe");
    return real;
  } catch {
    const map = new Map<string, string>();
    return {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    };
  }
}

export class Memory {
  private readonly all = storage("localStorage");
  private readonly tab = storage("sessionStorage");

  /** Two widgets of two servers on one page do not share a conversation. */
  constructor(private readonly server: string) {}

  get token(): string | null {
    return this.all.getItem(this.name("token"));
  }

  set token(value: string | null) {
    this.put(this.all, "token", value);
  }

  get unsent(): Unsent[] {
    try {
      const found: unknown = JSON.parse(this.tab.getItem(this.name("unsent")) ?? "[]");
      return Array.isArray(found) ? (found as Unsent[]) : [];
    } catch {
      return [];
    }
  }

  set unsent(messages: Unsent[]) {
    this.put(this.tab, "unsent", messages.length ? JSON.stringify(messages) : null);
  }

  get draft(): string {
    return this.tab.getItem(this.name("draft")) ?? "";
  }

  set draft(text: string) {
    this.put(this.tab, "draft", text || null);
  }

  /** Null if nobody has opened or closed the panel in this tab yet. */
  get open(): boolean | null {
    const kept = this.tab.getItem(this.name("open"));
    return kept === null ? null : kept === "1";
  }

  set open(value: boolean) {
    this.put(this.tab, "open", value ? "1" : "0");
  }

  forget(): void {
    this.token = null;
    this.unsent = [];
    this.draft = "";
  }

  private name(what: string): string {
    return `tandem:${this.server}:${what}`;
  }

  private put(where: Pick<Storage, "setItem" | "removeItem">, what: string, value: string | null): void {
    if (value === null) where.removeItem(this.name(what));
    else where.setItem(this.name(what), value);
  }
}
