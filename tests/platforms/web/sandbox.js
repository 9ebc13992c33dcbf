// The page of the sandbox: whoever is played, the clock, three phones and what was published.
import { bubble } from "./bubble.js";
import { fromTemplate, keep, tell } from "./dom.js";
import { makePhone } from "./phone.js";

const at = (id) => document.getElementById(id);
const phones = new Map();
const lists = new Map();
let source;

function player() {
  return document.querySelector("#players input:checked").value;
}

function listen() {
  source?.close();
  source = new EventSource(`/events?player=${player()}`);
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
  source.addEventListener("open", () => say(""));
  source.addEventListener("error", () => say("Mất kết nối với sân thử, đang nối lại…"));
}

function say(problem) {
  at("problem").textContent = problem;
}

function show(state) {
  if (at("now").textContent !== state.now) at("now").textContent = state.now;
  for (const phone of state.phones) found(phones, phone, at("phones"), (first) => makePhone(first, player)).show(phone);
  for (const list of state.lists) found(lists, list, at("lists"), makeList).show(list);
}

function found(known, { name, ...rest }, box, make) {
  if (!known.has(name)) {
    known.set(name, make({ name, ...rest }));
    box.append(known.get(name).root);
  }
  return known.get(name);
}

function makeList({ title }) {
  const root = fromTemplate("list");
  const press = async (one) => say(await tell("/staff", { player: player(), payload: one.payload }));
  const show = ({ items }) => {
    const heading = items.length ? `${title} (${items.length})` : title;
    if (root.firstElementChild.textContent !== heading) root.firstElementChild.textContent = heading;
    root.querySelector(".none").hidden = items.length > 0;
    keep(root.querySelector(".pieces"), items, (item) => bubble(item, press));
  };
  return { root, show };
}

function change(name) {
  const address = new URL(location.href);
  address.searchParams.set("player", name);
  history.replaceState(null, "", address);
  for (const phone of phones.values()) phone.clear();
  listen();
}

const wanted = document.querySelector(`#players input[value="${CSS.escape(new URLSearchParams(location.search).get("player") ?? "")}"]`);
if (wanted) wanted.checked = true;
at("players").addEventListener("change", () => change(player()));
for (const one of document.querySelectorAll("[data-step]")) {
  one.addEventListener("click", async () => say(await tell("/clock", { step: one.dataset.step })));
}
listen();
