// One visitor's way to the chat API: the token, the messages as events, the transcript.
const PLACE = "tandem-token";
const AWAY = "Tandem cannot be reached at the moment. Your question is still here; try again shortly.";

export class Chat {
  #token = read();

  async say(said, key, onReply) {
    const headers = { "Idempotency-Key": key, "Content-Type": "application/json" };
    const response = await this.#call("POST", "/api/messages", { headers, body: JSON.stringify(said) }, true);
    let ended = false;
    for await (const [name, data] of events(response.body)) {
      if (name === "reply") onReply(data);
      if (name === "done") ended = true;
    }
    if (!ended) throw new Error(AWAY);
  }

  async transcript() {
    if (!this.#token) return [];
    const response = await this.#call("GET", "/api/transcript");
    return (await response.json()).turns;
  }

  async startOver() {
    if (this.#token) await this.#call("POST", "/api/start-over");
  }

  async forget() {
    if (this.#token) await this.#call("DELETE", "/api/session");
    this.#keep(null);
  }

  async #call(method, path, options = {}, mayOpen = false) {
    if (!this.#token) await this.#open();
    const headers = { ...options.headers, Authorization: `Bearer ${this.#token}` };
    const response = await send(path, { ...options, method, headers });
    if (response.status === 401) {
      this.#keep(null);
      if (mayOpen) return this.#call(method, path, options);
    }
    return checked(response);
  }

  async #open() {
    const response = await checked(await send("/api/session", { method: "POST" }));
    this.#keep((await response.json()).token);
  }

  #keep(token) {
    this.#token = token;
    try {
      token ? localStorage.setItem(PLACE, token) : localStorage.removeItem(PLACE);
    } catch { /* storage is off: the conversation lasts as long as the page */ }
  }
}

function read() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

async function send(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Error(AWAY);
  }
}

async function checked(response) {
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.sentence ?? "Something went wrong on our side. Please try again.");
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const name = /^event: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}
