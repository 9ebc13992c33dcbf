// What the citizen sent and we have not yet heard accepted. It survives a reload and a lost network, and is sent
// again under the same id and time, so that the server knows a repeat.
import { ask } from "./who.js";

const KEY = "loa.unsent";
const PATIENCE_MS = 20_000;
const PAUSES_S = [2, 4, 8, 15, 30];

export function outbox(changed) {
  const store = storage();
  let busy = false;
  let failures = 0;
  let timer = 0;

  function add(item) {
    store.save([...store.load(), item]);
    return flush();
  }

  async function flush() {
    if (busy) return;
    clearTimeout(timer);
    busy = true;
    let pause = 0;
    for (let item = next(); item && !pause; item = next()) pause = await attempt(item);
    busy = false;
    if (pause) timer = setTimeout(flush, pause * 1000);
  }

  async function attempt(item) {
    changed(item, "sending");
    const { status, sentence, wait } = await post(item);
    if (status === 202) {
      failures = 0;
      drop(item.id);
      changed(item, "sent");
      return 0;
    }
    if (status >= 400 && status < 500 && status !== 429) {
      store.save(store.load().map((one) => (one.id === item.id ? { ...one, refused: sentence } : one)));
      changed(item, "refused", sentence);
      return 0;
    }
    for (const one of store.load()) if (!one.refused) changed(one, "failed");
    failures += 1;
    return Math.max(wait, PAUSES_S[Math.min(failures, PAUSES_S.length) - 1]);
  }

  const next = () => store.load().find((item) => !item.refused);
  const drop = (id) => store.save(store.load().filter((item) => item.id !== id));

  return { add, flush, drop, items: store.load, clear: () => store.save([]) };
}

async function post({ id, at, text, payload, photos }) {
  const patience = new AbortController();
  const alarm = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await ask("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, at, text, payload, photos }),
      signal: patience.signal,
    });
    const said = await answer.json().catch(() => ({}));
    return { status: answer.status, sentence: said.error || "", wait: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, sentence: "", wait: 0 };
  } finally {
    clearTimeout(alarm);
  }
}

function storage() {
  let memory = []; // for browsers that keep nothing
  return {
    load() {
      try {
        return JSON.parse(localStorage.getItem(KEY)) || [];
      } catch {
        return memory;
      }
    },
    save(items) {
      memory = items;
      try {
        localStorage.setItem(KEY, JSON.stringify(items));
      } catch {
        // full or forbidden: memory holds them until the page closes
      }
    },
  };
}

// Not crypto.randomUUID: an office PC is often reached over plain http, where browsers hide it.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
