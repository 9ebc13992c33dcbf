// A phone: drawn once, then brought up to date with each state that comes.
import { bubble } from "./bubble.js";
import { button, element, fromTemplate, keep, tell } from "./dom.js";

const NEEDS_WORDS = "Xin viết vào ô tin nhắn trước.";

export function makePhone(first, player) {
  const root = fromTemplate("phone");
  const part = (name) => root.querySelector(name);
  const words = part(".words");
  const act = async (name, fields) => {
    const problem = await tell("/act", { phone: first.name, player: player(), act: name, ...fields });
    part(".problem").textContent = problem;
    return !problem;
  };
  name(root, first, words);
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    say(words, act, part(".problem"));
  });
  const parts = { root, part, words, act, shown: "" };
  return { root, show: (state) => show(parts, state), clear: () => part(".problem").replaceChildren() };
}

function name(root, { name, title }, words) {
  root.classList.add(name);
  root.setAttribute("aria-label", `Điện thoại: ${title}`);
  root.querySelector("h2").textContent = title;
  root.querySelector(".talk").setAttribute("aria-label", `Trò chuyện trên ${title}`);
  words.id = `words-${name}`;
  root.querySelector("label").htmlFor = words.id;
  root.querySelector("label").textContent = `Tin nhắn trên ${title}`;
}

async function say(words, act, problem) {
  const text = words.value.trim();
  if (!text) problem.textContent = NEEDS_WORDS;
  else if (await act("say", { words: text })) words.value = "";
  words.focus();
}

async function doAct({ words, act, part }, { name, words: takes }) {
  const text = takes === "none" ? "" : words.value.trim();
  if (takes === "must" && !text) {
    part(".problem").textContent = NEEDS_WORDS;
    words.focus();
  } else if ((await act(name, { words: text })) && text) words.value = "";
}

function show(parts, state) {
  const { part, act } = parts;
  const talk = part(".talk");
  const last = state.items.at(-1)?.key ?? "";
  const follows = last !== parts.shown || talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  keep(part(".log"), state.items, (item) =>
    bubble(item, (one) => act("press", { words: one.title, payload: one.payload })));
  part(".empty").hidden = state.items.length > 0;
  tellWaiting(part(".waits"), state.waits);
  showActs(parts, state);
  showFaults(part(".faults"), state);
  if (follows) talk.scrollTop = talk.scrollHeight;
  parts.shown = last;
}

function tellWaiting(line, waits) {
  const text = waits ? "Đang chờ trả lời…" : "";
  if (line.textContent !== text) line.textContent = text;
}

function showActs(parts, state) {
  const { part } = parts;
  const acts = state.acts.map((one) => ({ ...one, key: one.name }));
  keep(part(".acts .row"), acts, (one) => button(one.label, "", () => doAct(parts, one)));
  const keys = state.keyboard.map((title) => ({ key: title, title }));
  keep(part(".keyboard"), keys, (one) => button(one.title, "", () => parts.act("phone", {})));
  part(".main").disabled = state.blocked;
  parts.words.placeholder = state.blocked ? "Đã chặn, không nhắn được" : "Viết tin nhắn…";
}

function showFaults(box, state) {
  const faults = state.faults.map((one) => ({ key: one.name, label: one.label }));
  keep(box.querySelector(".switches"), faults, (fault) => faultSwitch(state.name, fault));
  for (const one of state.faults) box.querySelector(`[data-key="${one.name}"] input`).checked = one.on;
  const on = state.faults.filter((one) => one.on).length;
  const title = on ? `Gây lỗi (${on} đang bật)` : "Gây lỗi";
  if (box.firstElementChild.textContent !== title) box.firstElementChild.textContent = title;
}

function faultSwitch(phone, { key, label }) {
  const box = element("input");
  box.type = "checkbox";
  box.addEventListener("change", () => tell("/faults", { phone, fault: key, on: box.checked ? "yes" : "no" }));
  return element("label", "", box, ` ${label}`);
}
