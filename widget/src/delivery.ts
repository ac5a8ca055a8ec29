/** Sends messages one after the other, and decides what becomes of one that does not get through. */

import { Problem, type Api } from "./api";
import type { Store } from "./store";
import { advance, settle, type Turn } from "./turns";

const RETRIES = 3; // by ourselves, where the server named a time
const LONGEST_WAIT_S = 60;

export class Delivery {
  private running = false;
  private round = 0; // rises when the conversation is emptied: late answers of the one before are dropped
  private readonly tries = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly onProgress: () => void,
  ) {}

  /** Delivers all that is to be sent, in order: the answers come in the order of the questions. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let next = this.next(); next; next = this.next()) await this.deliver(next);
    this.running = false;
  }

  retry(turn: Turn): void {
    const key = turn.key as string;
    this.tries.delete(key);
    this.store.replace(key, (one) => ({ ...one, status: "sending", problem: "", replies: [] }));
    void this.run();
  }

  stop(): void {
    this.round += 1;
    clearTimeout(this.timer);
  }

  private next(): Turn | undefined {
    const first = this.store.state.turns.find((turn) => turn.status === "sending" || turn.status === "waiting");
    return first?.status === "sending" ? first : undefined;
  }

  private async deliver(turn: Turn): Promise<void> {
    const round = this.round;
    if (!turn.key || !turn.message) return;
    try {
      for await (const event of this.api.send(turn.message, turn.key)) {
        if (round !== this.round) return;
        this.store.replace(turn.key, (one) => advance(one, event));
        if (event.event === "typing") this.store.set({ turns: settle(this.store.state.turns, turn.key) });
        if (event.event !== "reply") this.onProgress();
      }
    } catch (error) {
      if (round === this.round) this.refused(turn, turn.key, error instanceof Problem ? error : null);
    }
  }

  /** *problem* is null where the connection broke. */
  private refused(turn: Turn, key: string, problem: Problem | null): void {
    const tries = (this.tries.get(key) ?? 0) + 1;
    this.tries.set(key, tries);
    if (problem?.code === "key_reused" && tries <= RETRIES) return this.store.replace(key, (one) => ({ ...one, key: newKey() }));
    if (problem && isAboutText(turn, problem)) return this.giveBack(turn, problem);
    if (problem?.retryAfter && problem.retryAfter <= LONGEST_WAIT_S && tries <= RETRIES) return this.wait(key, problem, problem.retryAfter);
    const again = problem?.status === 410 ? { message: { text: turn.text }, key: newKey() } : {}; // the button is gone: next time say it in words
    this.store.replace(key, (one) => ({ ...one, status: "unsent", problem: problem?.message ?? "", ...again }));
  }

  private giveBack(turn: Turn, problem: Problem): void {
    const { turns, returned } = this.store.state;
    this.store.set({
      turns: turns.filter((one) => one.key !== turn.key),
      notice: { kind: "refused", text: problem.message },
      returned: { text: turn.text, count: returned.count + 1 },
    });
  }

  private wait(key: string, problem: Problem, seconds: number): void {
    this.store.replace(key, (one) => ({ ...one, status: "waiting", problem: problem.message }));
    this.timer = setTimeout(() => {
      this.store.replace(key, (one) => (one.status === "waiting" ? { ...one, status: "sending", problem: "" } : one));
      void this.run();
    }, seconds * 1000);
  }
}

const isAboutText = (turn: Turn, problem: Problem): boolean =>
  turn.message !== null && "text" in turn.message && (problem.status === 413 || problem.code === "empty");

/** Not `crypto.randomUUID`: that is missing on plain http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
