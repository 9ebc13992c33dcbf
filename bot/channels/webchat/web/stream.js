// Listening to the server: one stream, opened again with growing pauses, and the history read when it fails.
import { ask } from "./who.js";

const SILENCE_MS = 40_000; // the server's heart beats every 15 s
const OVERLAP_MS = 60_000;
const PAUSES_S = [1, 2, 4, 8, 15, 30];
const EVENT = /^event: (.*)\ndata: (.*)$/;

export function listen({ take, typing, connection }) {
  let stream = null; // what stops the open one
  let after = 0;
  let failures = 0;
  let timer = 0;

  async function begin() {
    stop();
    const state = await refresh();
    connection(state);
    if (state === "good") open();
    else again();
  }

  async function refresh() {
    try {
      const answer = await ask(`/chat/history?after=${after}`);
      if (!answer.ok) return answer.status === 401 ? "stranger" : "refused";
      receive(await answer.json());
      return "good";
    } catch {
      return "lost";
    }
  }

  function receive(data) {
    take(data);
    after = data.now - OVERLAP_MS;
  }

  async function open() {
    stop();
    const mine = (stream = new AbortController());
    alive();
    try {
      const answer = await ask(`/chat/stream?after=${after}`, { signal: mine.signal });
      if (answer.ok) await read(answer.body.getReader(), (name, data) => stream === mine && hear(name, data));
    } catch {
      // lost, or stopped by ourselves
    }
    if (stream === mine) again();
  }

  function hear(name, data) {
    alive();
    if (name === "lines") receive(data);
    else if (name === "typing") typing();
    else if (name === "beat") failures = 0;
    else if (name === "retire") stop();
  }

  function alive() {
    clearTimeout(timer);
    timer = setTimeout(again, SILENCE_MS);
  }

  function stop() {
    clearTimeout(timer);
    stream?.abort();
    stream = null;
  }

  function again() {
    stop();
    timer = setTimeout(begin, PAUSES_S[Math.min(failures, PAUSES_S.length - 1)] * 1000 * (0.75 + Math.random() / 2));
    failures += 1;
  }

  function now() {
    failures = 0;
    begin();
  }

  window.addEventListener("online", now);
  window.addEventListener("offline", () => connection("lost"));
  window.addEventListener("focus", () => stream || now());
  document.addEventListener("visibilitychange", () => document.hidden || stream || now());
  begin();
}

// Not EventSource, which can send no header.
async function read(reader, hear) {
  const decoder = new TextDecoder();
  let rest = "";
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = EVENT.exec(event);
      hear(name, JSON.parse(data));
    }
  }
}
