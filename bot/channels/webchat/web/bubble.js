// One line of the conversation as elements. Texts become text nodes only: nothing that anyone wrote is read as HTML.
import { openable } from "./who.js";
import { words } from "./words.js";

const LINK = /https:\/\/[^\s<>"'“”]+/g;
const AFTER_LINK = /[.,;:!?)\]»…]+$/;

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function bubble(line, press) {
  const author = element("span", line.author === "staff" ? "author" : "author unseen", words.authors[line.author], element("span", "unseen", ": "));
  const box = element("div", `line ${line.author}`, author);
  if (line.images.length) box.append(pictures(line));
  if (line.text) box.append(element("div", "text", ...linked(line.text)));
  if (line.buttons.length) box.append(choices(line, press));
  box.append(element("p", "meta", time(line.at)));
  return box;
}

export function time(at) {
  const clock = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  const made = element("time", "", clock.format(at));
  made.dateTime = new Date(at).toISOString();
  return made;
}

function linked(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(AFTER_LINK, "");
    nodes.push(text.slice(from, found.index), link(address, address));
    from = found.index + address.length;
  }
  return [...nodes, text.slice(from)];
}

function link(address, title, className = "") {
  if (!safe(address)) return title;
  const made = element("a", className, title, element("span", "unseen", ` (${words.newTab})`));
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function safe(address) {
  try {
    return new URL(address).protocol === "https:";
  } catch {
    return false;
  }
}

function pictures(line) {
  const alt = line.alt || (line.author === "citizen" ? words.photoSent : words.photoFromUs);
  return element("div", "pictures", ...line.images.map((address) => picture(address, alt)));
}

function picture(address, alt) {
  // The page shows pictures of its own house only; another site's is a link.
  if (!address.startsWith("/") && !address.startsWith("blob:")) return link(address, `${words.openPhoto}: ${alt}`);
  const image = element("img");
  image.alt = alt;
  image.loading = "lazy";
  const frame = element("a", "picture", image);
  openable(address).catch(() => address).then((open) => { image.src = frame.href = open; });
  frame.target = "_blank";
  frame.rel = "noopener";
  return frame;
}

function choices(line, press) {
  return element("div", "choices", ...line.buttons.map((button, index) => choice(line, button, index + 1, press)));
}

function choice(line, button, number, press) {
  const label = element("span", "label", element("span", "number", `${number} · `), button.title);
  if (button.url) return link(button.url, label, "choice");
  const made = element("button", "choice", label);
  made.type = "button";
  made.dataset.title = button.title;
  // Not `disabled`: the focus of someone who cannot see would fall off the button just pressed.
  made.addEventListener("click", () => made.getAttribute("aria-disabled") || press(button, line));
  return made;
}
