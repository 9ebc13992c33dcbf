// Listening to the server: one stream, opened again with growing pauses, and the history read when it fails.
const SILENCE_MS = 40_000; // the server's heart beats every 15 s
const OVERLAP_MS = 60_000;
const PAUSES_S = [1, 2, 4, 8, 15, 30];

export function listen({ take, typing, connection }) {
  let source = null;
  let after = 0;
  let failures = 0;
  let timer = 0;

  async function begin() {
    clearTimeout(timer);
    source?.close();
    source = null;
    const state = await refresh();
    connection(state);
    if (state === "good") open();
    else again();
  }

  async function refresh() {
    try {
      const answer = await fetch(`/chat/history?after=${after}`);
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

  function open() {
    source = new EventSource(`/chat/stream?after=${after}`);
    source.addEventListener("lines", (event) => { alive(); receive(JSON.parse(event.data)); });
    source.addEventListener("typing", () => { alive(); typing(); });
    source.addEventListener("beat", () => { alive(); failures = 0; });
    source.addEventListener("retire", () => { clearTimeout(timer); source.close(); source = null; });
    source.addEventListener("error", again);
    alive();
  }

  function alive() {
    clearTimeout(timer);
    timer = setTimeout(again, SILENCE_MS);
  }

  function again() {
    clearTimeout(timer);
    source?.close();
    source = null;
    timer = setTimeout(begin, PAUSES_S[Math.min(failures, PAUSES_S.length - 1)] * 1000 * (0.75 + Math.random() / 2));
    failures += 1;
  }

  function now() {
    failures = 0;
    begin();
  }

  window.addEventListener("online", now);
  window.addEventListener("offline", () => connection("lost"));
  window.addEventListener("focus", () => source || now());
  document.addEventListener("visibilitychange", () => document.hidden || source || now());
  begin();
}
