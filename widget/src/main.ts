/**
 * What `<script src="…/tandem.js" data-…></script>` does: defines <tandem-chat> and puts one in the corner of the page,
 * with the script's own `data-` attributes. A page that holds a <tandem-chat> itself gets no second one.
 */

import { define } from "./element";
import { ATTRIBUTES } from "./options";

// Null in a module script; then the script is found by its name.
const script = (document.currentScript ?? document.querySelector('script[src*="tandem.js"]')) as HTMLScriptElement | null;

function mount(): void {
  define(script);
  if (document.querySelector("tandem-chat")) return;
  const element = document.createElement("tandem-chat");
  for (const name of ATTRIBUTES) {
    const value = script?.getAttribute(name);
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.setAttribute("data-mode", "floating");
  // Beside <body>, not in it: a body that is scaled, clipped or replaced by navigation leaves it alone.
  document.documentElement.append(element);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mount);
else mount();
