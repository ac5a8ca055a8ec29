/** The gateway's chat API. Knows addresses, tokens and statuses; knows nothing of what is shown. */

import { readEvent, readTranscript, type ServerTurn, type StreamEvent, type Vote } from "./contract";
import type { Memory } from "./memory";
import { frames } from "./sse";

/** The server refused; `message` is its sentence to a person. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    readonly retryAfter: number | null,
  ) {
    super(sentence);
  }
}

/** The connection broke, or the stream ended before its end. */
export class Lost extends Error {}

export type Message = { text: string } | { button: string };

/** Longer without any sign of life (the server sends one every two seconds) counts as a lost connection. */
const PATIENCE_MS = 12_000;

export class Api {
  constructor(
    private readonly server: string,
    private readonly memory: Memory,
    private readonly patience = PATIENCE_MS,
  ) {}

  async *send(message: Message, key: string): AsyncGenerator<StreamEvent> {
    const life = new Lifeline(this.patience);
    try {
      const headers = { "Idempotency-Key": key, Accept: "text/event-stream" };
      const response = await this.call("POST", "messages", { body: message, headers, signal: life.signal });
      if (!response.body) throw new Lost("no body");
      for await (const frame of frames(response.body, life.sign)) {
        const event = readEvent(frame.event, frame.data);
        if (event) yield event;
        if (event?.event === "done") return;
      }
      throw new Lost("the stream ended before it was done");
    } catch (error) {
      throw error instanceof Problem ? error : new Lost(String(error));
    } finally {
      life.end();
    }
  }

  async transcript(before?: string): Promise<{ turns: ServerTurn[]; more: boolean }> {
    const query = before ? `?before=${encodeURIComponent(before)}` : "";
    return readTranscript(await (await this.call("GET", `transcript${query}`)).json());
  }

  /** A fresh token for the same conversation, so that it does not expire on somebody who comes back. */
  async renew(): Promise<void> {
    try {
      await this.openSession(this.memory.token);
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error;
      this.memory.token = null;
    }
  }

  async feedback(reply: string, vote: Vote | null, word: string): Promise<void> {
    await this.call("PUT", `feedback/${encodeURIComponent(reply)}`, { body: word ? { vote, word } : { vote } });
  }

  async startOver(): Promise<void> {
    await this.call("POST", "start-over");
  }

  /** Returns the server's sentence where part of it is deleted a little later. */
  async forget(): Promise<string> {
    const response = await this.call("DELETE", "session");
    if (response.status !== 202) return "";
    const said = (await response.json().catch(() => ({}))) as { sentence?: string };
    return said.sentence ?? "";
  }

  private async call(method: string, path: string, more: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {}): Promise<Response> {
    const token = this.memory.token ?? (await this.openSession(null));
    const response = await this.fetch(method, path, token, more);
    if (response.ok) return response;
    const problem = await readProblem(response);
    if (problem.status !== 401) throw problem;
    if (this.memory.token === token) this.memory.token = null;
    const second = await this.fetch(method, path, await this.openSession(null), more);
    if (second.ok) return second;
    throw await readProblem(second);
  }

  /** One tab at a time: two tabs that open together share one conversation. */
  private openSession(token: string | null): Promise<string> {
    const open = async (): Promise<string> => {
      const already = token === null ? this.memory.token : null;
      if (already) return already;
      const response = await this.fetch("POST", "session", token, {});
      if (!response.ok) throw await readProblem(response);
      const given = ((await response.json()) as { token: string }).token;
      this.memory.token = given;
      return given;
    };
    const locks = (navigator as Partial<Navigator>).locks; // absent on plain http
    return locks ? (locks.request(`tandem:${this.server}`, open) as Promise<string>) : open();
  }

  private fetch(method: string, path: string, token: string | null, more: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response> {
    const headers: Record<string, string> = { ...more.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (more.body !== undefined) headers["Content-Type"] = "application/json";
    const body = more.body === undefined ? null : JSON.stringify(more.body);
    return fetch(`${this.server}/api/${path}`, { method, headers, body, signal: more.signal ?? AbortSignal.timeout(this.patience), credentials: "omit", cache: "no-store" });
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as { error?: string; sentence?: string; retry_after?: number };
  const after = said.retry_after ?? (Number(response.headers.get("Retry-After")) || null);
  return new Problem(response.status, said.error ?? "", said.sentence ?? "", after);
}

/** Aborts a request that has shown no sign of life for a while. */
class Lifeline {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly patience: number) {
    this.sign();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly sign = (): void => {
    this.end();
    this.timer = setTimeout(() => this.controller.abort(), this.patience);
  };

  end(): void {
    clearTimeout(this.timer);
  }
}
