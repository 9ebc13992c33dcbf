// The conversation on the screen: every line once, in the order of their times.
import { bubble, element } from "./bubble.js";
import { words } from "./words.js";

const NEAR_PX = 80;
const HOLD_MS = 300;
const TYPING_MS = 30_000;
const GROUP_MS = 120_000;
const ZONE = { timeZone: "Asia/Ho_Chi_Minh" };
const DAY = new Intl.DateTimeFormat("vi-VN", { ...ZONE, weekday: "long", day: "numeric", month: "numeric", year: "numeric" });

export function conversation({ log, scroller, typing, newest, now, press, resend, discard }) {
  const order = [];
  let atEnd = true;
  let heldUntil = 0; // our own scrolling says nothing about where the reader wants to be
  let quiet = 0;

  // Whether we said something that was not there yet.
  function show(lines) {
    const fresh = lines.filter(place);
    if (!fresh.length) return false;
    if (fresh.some((line) => line.author !== "citizen")) setTyping(false);
    settle();
    newest.hidden = atEnd;
    const answer = fresh.find((line) => line.author !== "citizen");
    if (answer && atEnd && isLive()) reveal(find(answer.id).box);
    return Boolean(answer);
  }

  // A long answer is read from its beginning, so its end may wait below.
  function reveal(box) {
    const above = box.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
    const rest = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    atEnd = above >= rest;
    if (!atEnd) heldUntil = performance.now() + HOLD_MS;
    scroller.scrollBy(0, Math.min(above, rest));
  }

  function place(line) {
    const known = find(line.id);
    if (known) {
      if (known.line.author === line.author) return arrived(known);
      forget(line.id); // the history knows better who spoke
    }
    const entry = { line, box: bubble(line, press) };
    if (isLive()) entry.box.classList.add("fresh");
    let index = order.length;
    while (index && order[index - 1].line.at > line.at) index -= 1;
    log.insertBefore(entry.box, order[index]?.box ?? null);
    order.splice(index, 0, entry);
    return true;
  }

  function arrived(entry) {
    if (entry.line.state) mark(entry.line.id, "sent");
    return false;
  }

  function mark(id, state, why = "") {
    const entry = find(id);
    if (!entry) return;
    Object.assign(entry.line, { state, why });
    settle();
  }

  function settle() {
    let answer = null; // the citizen's next words after a line
    let last = true;
    for (let index = order.length - 1; index >= 0; index -= 1) {
      const { line, box } = order[index];
      describe(order[index], order[index - 1], order[index + 1], last && line.author === "citizen");
      if (line.author === "citizen") [answer, last] = [line.text, false];
      else if (answer !== null) close(box, answer);
    }
  }

  function describe({ line, box }, before, after, latest) {
    heading(box, line, before);
    const close = after && after.line.author === line.author && after.line.at - line.at < GROUP_MS;
    const state = stateOf(line, latest);
    box.classList.toggle("joined", Boolean(close && !state));
    if (box.dataset.state === state) return; // a button under a finger stays the same button
    box.dataset.state = state;
    const said = state === "failed" || state === "refused" ? failure(line) : state ? [` · ${words[state]}`] : [];
    box.querySelector(".meta").replaceChildren(box.querySelector("time"), ...said);
  }

  function stateOf(line, latest) {
    if (line.author !== "citizen") return "";
    return line.state && line.state !== "sent" ? line.state : latest ? "sent" : "";
  }

  function failure(line) {
    const again = element("button", "again", words.failed);
    again.type = "button";
    again.addEventListener("click", () => resend(line.id));
    if (line.state !== "refused") return [again];
    const drop = element("button", "plain", words.discard);
    drop.type = "button";
    drop.addEventListener("click", () => discard(line.id));
    return [again, drop, element("span", "why", line.why)];
  }

  function heading(box, line, before) {
    const day = dayName(line.at);
    const wanted = !before || dayName(before.line.at) !== day;
    const present = box.querySelector(".day");
    if (!wanted) present?.remove();
    else if (present) present.textContent = day;
    else box.prepend(element("p", "day", day));
  }

  function dayName(at) {
    const day = DAY.format(at);
    if (day === DAY.format(now())) return words.today;
    if (day === DAY.format(now() - 86_400_000)) return words.yesterday;
    return day;
  }

  function close(box, answer) {
    for (const button of box.querySelectorAll("button.choice")) {
      if (button.getAttribute("aria-disabled")) continue;
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.title !== answer) continue;
      button.classList.add("chosen");
      button.append(element("span", "unseen", ` (${words.chosen})`));
    }
  }

  function setTyping(on) {
    clearTimeout(quiet);
    if (on) quiet = setTimeout(setTyping, TYPING_MS, false);
    const dots = element("span", "dots", element("i"), element("i"), element("i"));
    typing.replaceChildren(...(on ? [words.typing, dots] : []));
  }

  function forget(id) {
    const index = order.findIndex((entry) => entry.line.id === id);
    if (index >= 0) order.splice(index, 1)[0].box.remove();
  }

  const isLive = () => log.getAttribute("aria-live") !== "off";
  const find = (id) => order.find((entry) => entry.line.id === id);
  const toEnd = () => scroller.scrollTo(0, scroller.scrollHeight);

  scroller.addEventListener("scroll", () => {
    if (performance.now() < heldUntil) return;
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
    if (atEnd) newest.hidden = true;
  }, { passive: true });
  newest.addEventListener("click", toEnd);
  const watch = new ResizeObserver(() => atEnd && toEnd());
  watch.observe(scroller);
  watch.observe(scroller.firstElementChild);

  return {
    show,
    mark,
    forget: (id) => { forget(id); settle(); },
    setTyping,
    toEnd: () => { atEnd = true; toEnd(); },
    isEmpty: () => order.length === 0,
    has: (id) => Boolean(find(id)),
    lastAt: () => order.at?.(-1)?.line.at ?? 0,
  };
}
