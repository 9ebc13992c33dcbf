// Inside the commune's own site: what the page says to the button around it (`widget.js`), and hears from it.
import { framed } from "./who.js";

// No secret is ever said, so that it does not matter who holds the frame: the server chooses who may.
const say = (word) => window.parent.postMessage({ loa: word }, "*");

export const news = () => framed && say("news");

export function join({ field, talk }) {
  if (!framed) return;
  // On a touch screen the field would call up the keyboard, over the very words to be read.
  const first = matchMedia("(pointer: fine)").matches ? field : talk;
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.loa === "open") first.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) say("close");
  });
  say("ready");
}
