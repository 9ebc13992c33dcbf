// The page put together: what was sent, what is heard, and where the citizen writes.
import { composer } from "./composer.js";
import { join, news } from "./frame.js";
import { leaving } from "./leaving.js";
import { newId, outbox } from "./outbox.js";
import { listen } from "./stream.js";
import { conversation } from "./talk.js";
import { ask, forget } from "./who.js";
import { words } from "./words.js";

const STARTED = "loa.started";
const START_AGAIN_MS = 60_000;
const part = (id) => document.getElementById(id);

let skew = 0; // how far the server's clock is ahead of ours
let heard = false;
const now = () => Date.now() + skew;

const talk = conversation({
  log: part("log"), scroller: part("talk"), typing: part("typing"), newest: part("newest"),
  now, press, resend, discard,
});
const unsent = outbox(changed);

function say(text, payload = "", photos = []) {
  // Never before the line that it answers, whatever this clock says.
  const at = Math.max(now(), talk.lastAt() + 1);
  const item = { id: newId(), at, text, payload, photos };
  talk.show([lineOf(item)]);
  talk.toEnd();
  unsent.add(item);
}

function press(button) {
  say(button.title, button.payload);
}

function lineOf(item) {
  const images = item.photos.map((name) => `/chat/photos/${name}`);
  const state = item.refused ? "refused" : "sending";
  return { id: item.id, author: "citizen", text: item.text, buttons: [], images, alt: "", at: item.at, state, why: item.refused };
}

function changed(item, state, why) {
  talk.mark(item.id, state, why);
}

function resend(id) {
  const item = unsent.items().find((one) => one.id === id);
  if (!item) return;
  if (!item.refused) return unsent.flush();
  discard(id); // never accepted under its old time
  say(item.text, item.payload, item.photos);
}

function discard(id) {
  unsent.drop(id);
  talk.forget(id);
}

function take({ lines, now: serverNow }) {
  skew = serverNow - Date.now();
  for (const line of lines) if (line.author === "citizen") unsent.drop(line.id);
  if (talk.show(lines) && heard) news();
  if (!heard) greet();
}

function greet() {
  heard = true;
  part("log").setAttribute("aria-live", "polite");
  const started = Number(remembered(STARTED)) || 0;
  if (!talk.isEmpty() || unsent.items().length || Date.now() - started < START_AGAIN_MS) return;
  remember(STARTED, Date.now());
  unsent.add({ id: newId(), at: now(), text: "", payload: "start", photos: [] });
}

function connection(state) {
  const sentences = { lost: words.offline, refused: words.unreachable, stranger: words.stranger };
  part("network").textContent = sentences[state] || "";
  if (state === "good") unsent.flush();
}

async function leave() {
  try {
    const answer = await ask("/chat/leave", { method: "POST" });
    if (!answer.ok) throw new Error();
    forget();
    unsent.clear();
    remember(STARTED, 0);
    location.reload();
  } catch {
    writing.say(words.leaveFailed);
  }
}

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // a browser that keeps nothing is greeted again
  }
}

const writing = composer({
  form: part("composer"), field: part("words"), note: part("note"), file: part("file"), pick: part("photo"),
  list: part("tray"), care: part("care"), submit: (text, photos) => say(text, "", photos),
});
leaving({ ask: part("leave"), question: part("leaving"), yes: part("leave-now"), no: part("stay"), leave });

part("log").setAttribute("aria-live", "off"); // yesterday's lines are not read aloud
for (const item of unsent.items()) if (item.text || item.photos.length) talk.show([lineOf(item)]);
listen({ take, typing: () => talk.setTyping(true), connection });
join({ field: part("words"), talk: part("talk") });
