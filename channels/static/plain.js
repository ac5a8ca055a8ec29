// The plain page: talks to the chat API and shows replies as DOM nodes, never as HTML.
import { Chat } from "/static/chat.js";
import { errorCard, mine, replyCard } from "/static/cards.js";

const log = document.getElementById("log");
const status = document.getElementById("status");
const form = document.getElementById("ask");
const box = document.getElementById("question");
const greeting = log.firstElementChild;
const chat = new Chat();

function add(card) {
  log.append(card);
  card.scrollIntoView({ block: "nearest" });
}

function typing(yes) {
  status.textContent = yes ? "Tandem is typing" : "";
  status.classList.toggle("typing", yes);
}

async function say(said, shown, key = crypto.randomUUID?.() ?? `k${Date.now()}${Math.random()}`.replace(".", "")) {
  if (shown) add(mine(shown));
  typing(true);
  try {
    await chat.say(said, key, (reply) => add(replyCard(reply, press, () => say(said, "", key))));
  } catch (problem) {
    add(errorCard(problem.message, () => say(said, "", key)));
  } finally {
    typing(false);
    log.scrollTop = log.scrollHeight;
  }
}

function press(choice) {
  say({ button: choice.button }, choice.title);
  box.focus();
}

function clear() {
  log.replaceChildren(greeting);
  box.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  say({ text }, text);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.getElementById("openers").addEventListener("click", (event) => {
  if (event.target.matches("button")) say({ text: event.target.textContent }, event.target.textContent);
});
for (const [id, verb] of [["start-over", () => chat.startOver()], ["forget", () => chat.forget()]]) {
  document.getElementById(id).addEventListener("click", () => verb().then(clear, (problem) => add(errorCard(problem.message))));
}

chat.transcript().then((turns) => {
  for (const turn of turns) {
    add(mine(turn.text));
    for (const reply of turn.replies) add(replyCard(reply, press));
  }
  log.scrollTop = log.scrollHeight;
}, () => {});
