// Replies as cards. Text goes in as text; nothing here reads HTML.
const STANCE = { supports: "Says so", contradicts: "Says otherwise" };

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function mine(text) {
  const card = element("article", "mine", "");
  card.append(element("p", "", text));
  card.setAttribute("aria-label", "You");
  return card;
}

export function errorCard(sentence, again) {
  return replyCard({ kind: "error", text: sentence, retry: Boolean(again) }, null, again);
}

export function replyCard(reply, press, again) {
  const card = element("article", `reply ${reply.kind}`);
  card.setAttribute("aria-label", "Tandem");
  const heading = reply.headline || (reply.kind === "care" ? reply.title : "");
  if (heading) card.append(element("p", "headline", heading));
  if (reply.headline) answer(card, reply);
  else for (const paragraph of (reply.text || "").split("\n\n")) if (paragraph) card.append(element("p", "", paragraph));
  if (reply.contact) card.append(element("p", "headline", reply.contact));
  if (reply.goal_choices?.length) card.append(element("p", "ask-goal", "What are you after? It changes the answer:"), chips(reply.goal_choices, press, "goal"));
  for (const choices of [reply.follow_ups, reply.choices]) if (choices?.length) card.append(chips(choices, press));
  if (reply.retry && again) card.append(retry(card, again));
  return card;
}

function answer(card, reply) {
  if (reply.goals?.length) card.append(element("p", "for", `For: ${reply.goals.map((goal) => goal.title).join(", ")}`));
  if (reply.reason) card.append(element("p", "", reply.reason));
  if (reply.disagreement) card.append(element("p", "differ", reply.disagreement));
  if (reply.evidence?.length) card.append(sources(reply.evidence));
}

function sources(evidence) {
  const box = element("details");
  const list = element("ol");
  for (const piece of evidence) {
    const item = element("li");
    item.append(element("span", "stance", `${STANCE[piece.stance] ?? piece.stance}: `), `${piece.document}, “${piece.section}”`);
    if (piece.note) item.append(element("br"), piece.note);
    list.append(item);
  }
  box.append(element("summary", "", evidence.length === 1 ? "1 source" : `${evidence.length} sources`), list);
  return box;
}

function chips(choices, press, kind = "") {
  const list = element("ul", "chips");
  for (const choice of choices) {
    const button = element("button", `chip ${kind}`, choice.title);
    button.type = "button";
    button.addEventListener("click", () => press?.(choice));
    const item = element("li");
    item.append(button);
    list.append(item);
  }
  return list;
}

function retry(card, again) {
  const button = element("button", "chip", "Send it again");
  button.type = "button";
  button.addEventListener("click", () => {
    card.remove();
    again();
  });
  return button;
}
