/**
 * A subset of Markdown as DOM nodes: paragraphs, lists, **strong**, *emphasis*, `code`, [links](https://…).
 * Everything else, HTML above all, stays the text it is.
 */

import type { ComponentChildren } from "preact";
import { isAddress } from "./options";

const INLINE = /\*\*(\S(?:[^*]*\S)?)\*\*|\*(\S(?:[^*]*\S)?)\*|`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)/g;
const BULLET = /^\s*[-*•]\s+/;
const NUMBER = /^\s*\d+[.)]\s+/;

export function inline(text: string): ComponentChildren[] {
  const nodes: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, strong, emphasis, code, label, address] = found;
    nodes.push(text.slice(from, found.index));
    if (strong) nodes.push(<strong>{strong}</strong>);
    else if (emphasis) nodes.push(<em>{emphasis}</em>);
    else if (code) nodes.push(<code>{code}</code>);
    else if (isAddress(address)) nodes.push(link(label as string, address));
    else nodes.push(whole);
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

const link = (label: string, address: string): ComponentChildren => (
  <a href={address} target="_blank" rel="noopener noreferrer nofollow">
    {label}
  </a>
);

export function Markdown({ text }: { text: string }) {
  return <>{text.split(/\n\s*\n/).map(block)}</>;
}

function block(text: string): ComponentChildren {
  const lines = text.split("\n").filter((line) => line.trim());
  if (!lines.length) return null;
  if (lines.every((line) => BULLET.test(line))) return <ul>{lines.map((line) => <li>{inline(line.replace(BULLET, ""))}</li>)}</ul>;
  if (lines.every((line) => NUMBER.test(line))) return <ol>{lines.map((line) => <li>{inline(line.replace(NUMBER, ""))}</li>)}</ol>;
  return <p>{lines.flatMap((line, i) => (i ? [<br />, ...inline(line)] : inline(line)))}</p>;
}
