// One message as it stands on a phone, or one piece of what was published.
import { button, element } from "./dom.js";

const AUTHORS = { citizen: "Người dân", bot: "Loa", note: "" };

export function bubble(item, press) {
  const box = element("div", `line ${item.author}`);
  if (AUTHORS[item.author]) box.append(element("span", "unseen", `${AUTHORS[item.author]}: `));
  if (item.images.length) box.append(element("div", "pictures", ...item.images.map(picture)));
  if (item.text) box.append(element("p", "text", item.text));
  if (item.buttons.length) box.append(element("div", "choices", ...item.buttons.map((one) => choice(one, press))));
  box.append(element("p", "meta", meta(item)));
  return box;
}

function meta(item) {
  return [item.at, item.edited ? "đã sửa" : "", item.receipt].filter(Boolean).join(" · ");
}

function picture(address) {
  const image = element("img");
  image.src = address;
  image.alt = "Ảnh";
  return image;
}

function choice(one, press) {
  if (!one.url) return button(one.title, "choice", () => press(one));
  const link = element("a", "choice", one.title, element("span", "unseen", " (mở trang mới)"));
  link.href = one.url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}
