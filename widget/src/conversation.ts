/** What a person can do with the conversation, and keeping up with the server and the other tabs. Knows no DOM but `window`'s events. */

import { Problem, type Api } from "./api";
import type { Button, Reply, Vote } from "./contract";
import { Delivery, newKey } from "./delivery";
import type { Memory } from "./memory";
import { Store, type Notice, type State } from "./store";
import { Tabs } from "./tabs";
import { fromServer, fromUnsent, giveUpOpen, merge, newTurn, type Turn } from "./turns";

const POLL_MS = 1_500;
const POLLS = 10; // together longer than a turn can run

export class Conversation {
  private readonly store: Store;
  private readonly delivery: Delivery;
  private readonly tabs: Tabs;
  private poll: ReturnType<typeof setTimeout> | undefined;
  private polls = 0;

  constructor(
    private readonly api: Api,
    private readonly memory: Memory,
    server: string,
    onChange: () => void,
  ) {
    this.store = new Store(memory, onChange);
    this.tabs = new Tabs(server, () => void this.sync());
    this.delivery = new Delivery(api, this.store, () => this.tabs.changed());
    window.addEventListener("online", this.onLine);
    window.addEventListener("offline", this.onLine);
  }

  get state(): State {
    return this.store.state;
  }

  close(): void {
    this.tabs.close();
    this.delivery.stop();
    clearTimeout(this.poll);
    window.removeEventListener("online", this.onLine);
    window.removeEventListener("offline", this.onLine);
  }

  /** Shows the conversation so far, and sends what a reload interrupted. A visitor without one costs the server nothing. */
  async start(): Promise<void> {
    if (this.state.phase === "loading" || this.state.phase === "ready") return;
    const shown = this.state.turns.length ? this.state.turns : this.memory.unsent.map(fromUnsent);
    this.store.set({ phase: "loading", turns: shown });
    try {
      if (this.memory.token) await this.api.renew();
      const { turns, more } = this.memory.token ? await this.api.transcript() : { turns: [], more: false };
      this.store.set({ phase: "ready", turns: merge(this.state.turns, turns, more), more });
      this.watch();
      void this.delivery.run();
    } catch {
      const unsent = this.state.turns.map((turn) => (turn.status === "sending" ? { ...turn, status: "unsent" as const } : turn));
      this.store.set({ phase: "failed", turns: unsent });
    }
  }

  send(text: string): void {
    this.add(newTurn(text, { text }, newKey(), new Date().toISOString()));
  }

  press(button: Button): void {
    this.add(newTurn(button.title, { button: button.button }, newKey(), new Date().toISOString()));
  }

  /** Again with the same key, which the server answers once; as a new message where the first is not known to the letter. */
  retry(turn: Turn): void {
    if (!turn.key || !turn.message) return this.send(turn.text);
    this.delivery.retry(turn);
    if (this.state.phase === "failed") void this.start();
  }

  async earlier(): Promise<void> {
    const first = this.state.turns.find((turn) => turn.turn)?.turn;
    if (!first) return;
    await this.attempt(async () => {
      const { turns, more } = await this.api.transcript(first);
      this.store.set({ turns: [...turns.map(fromServer), ...this.state.turns], more });
    });
  }

  async vote(reply: Reply, vote: Vote | null, word = ""): Promise<boolean> {
    this.store.replaceReply({ ...reply, feedback: vote && { vote, word } });
    const done = await this.attempt(() => this.api.feedback(reply.id, vote, word));
    if (done) this.tabs.changed();
    else this.store.replaceReply(reply);
    return done;
  }

  async startOver(): Promise<void> {
    if (this.memory.token && !(await this.attempt(() => this.api.startOver()))) return;
    this.empty({ kind: "started_over", text: "" });
    this.tabs.changed();
  }

  async forget(): Promise<void> {
    let sentence = "";
    const asked = async (): Promise<void> => void (sentence = await this.api.forget());
    if (this.memory.token && !(await this.attempt(asked))) return;
    this.memory.forget();
    this.empty({ kind: "forgotten", text: sentence });
    this.tabs.changed();
  }

  dismissNotice(): void {
    if (this.state.notice) this.store.set({ notice: null });
  }

  private add(turn: Turn): void {
    this.store.set({ turns: [...this.state.turns, turn], notice: null });
    if (this.state.phase === "ready") void this.delivery.run();
    else void this.start();
  }

  /** Takes over what changed elsewhere. Where that fails, the next change or the next message shows it. */
  private async sync(): Promise<void> {
    if (this.state.phase !== "ready") return;
    if (!this.memory.token) return this.empty(null);
    const found = await this.api.transcript().catch(() => null);
    if (!found) return;
    const turns = merge(this.state.turns, found.turns, found.more);
    this.store.set({ turns, more: turns.length > found.turns.length ? this.state.more : found.more });
    this.watch();
  }

  /** While a turn is answered elsewhere: look again. */
  private watch(): void {
    clearTimeout(this.poll);
    if (!this.state.turns.some((turn) => turn.status === "open")) this.polls = 0;
    else if (this.polls++ < POLLS) this.poll = setTimeout(() => void this.sync(), POLL_MS);
    else this.store.set({ turns: giveUpOpen(this.state.turns) });
  }

  private readonly onLine = (): void => {
    this.store.set({ online: navigator.onLine });
    if (!navigator.onLine) return;
    if (this.state.phase === "failed") return void this.start();
    const again = (turn: Turn): Turn => (turn.status === "unsent" && !turn.problem ? { ...turn, status: "sending" } : turn);
    this.store.set({ turns: this.state.turns.map(again) });
    void this.delivery.run();
  };

  /** Runs *action*; where it fails, says so. */
  private async attempt(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.store.set({ notice: { kind: "failed", text: error instanceof Problem ? error.message : "" } });
      return false;
    }
  }

  private empty(notice: Notice | null): void {
    this.delivery.stop();
    this.store.set({ turns: [], more: false, notice });
  }
}
