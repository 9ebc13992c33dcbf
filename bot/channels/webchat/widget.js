// The button on the commune's own site and the panel in which our page opens: short, and in a shadow root of its own.
((office) => {
  const source = document.currentScript?.src;
  if (!source || document.querySelector("loa-chat")) return;
  if (!office.sites.includes(location.origin)) return console.warn(`Loa: ${location.origin} chưa có trong WEBCHAT_SITES.`);
  const home = new URL(source).origin;
  const title = `Nhắn tin với ${office.name}`;
  const narrow = matchMedia("(max-width: 520px), (max-height: 480px)");
  const looks = `
:host { all: initial !important; position: fixed !important; right: 16px !important; bottom: 16px !important; z-index: 2147483647 !important }
* { box-sizing: border-box; font: 600 17px/1.3 system-ui, sans-serif }
button { display: flex; align-items: center; gap: 10px; min-height: 56px; max-width: min(400px, 100vw - 32px); padding: 8px 18px; border: 2px solid #fff; border-radius: 28px; background: #12494a; color: #fff; text-align: left; cursor: pointer }
button:hover { background: #1d5b5a }
:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #a8402c }
svg { flex: none; width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2 }
[role] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
dialog { position: fixed; inset: auto 16px 84px auto; width: 400px; height: calc(100% - 100px); max-width: none; max-height: 680px; margin: 0; padding: 0; border: 0; border-radius: 14px; overflow: hidden; background: #f5f2ea; color: #1f2b2b; box-shadow: 0 4px 28px #0008 }
dialog:not([open]) { display: none }
dialog > button { position: absolute; z-index: 1; top: 8px; right: 8px; min-height: 44px; width: 44px; padding: 7px }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; visibility: hidden }
.ready iframe { visibility: visible }
p { margin: 72px 24px }
a { color: #0d5f62 }
@media ${narrow.media} { dialog { inset: 0; width: 100%; height: 100%; max-height: none; border-radius: 0 } .wide { display: none } }
@media (prefers-reduced-motion: no-preference) { dialog { animation: rise .16s } @keyframes rise { from { opacity: 0; transform: translateY(12px) } } }
@media print { :host { display: none !important } }`;

  function made(name, attributes, ...children) {
    const one = document.createElementNS(`http://www.w3.org/${/svg|path/.test(name) ? "2000/svg" : "1999/xhtml"}`, name);
    for (const key in attributes) one.setAttribute(key, attributes[key]);
    one.append(...children);
    return one;
  }

  const icon = (d) => made("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, made("path", { d }));
  const host = made("loa-chat", { lang: "vi" });
  const root = host.attachShadow({ mode: "open" });
  const news = made("span", { role: "status" });
  const wide = made("span", { class: "wide" }, title.slice(8));
  const label = made("span");
  const button = made("button", { "aria-expanded": false }, icon("M4 4h16v12H10l-5 4v-4H4zM8 8h8M8 12h5"), label);
  const out = made("button", { "aria-label": "Đóng khung nhắn tin" }, icon("M5 5l14 14M19 5L5 19"));
  const link = made("a", { href: `${home}/`, target: "_blank" }, "mở trang nhắn tin");
  const panel = made("dialog", { "aria-label": title }, out, made("p", {}, "Đang mở khung nhắn tin. Nếu chờ lâu, xin ông/bà ", link, "."));
  const isOpen = () => panel.hasAttribute("open");
  let frame;

  function open() {
    if (!frame) panel.append((frame = made("iframe", { src: `${home}/widget`, title: "Trò chuyện" })));
    if (!panel.show) panel.setAttribute("open", ""); // browsers of before 2022
    else if (narrow.matches) panel.showModal();
    else panel.show();
    button.setAttribute("aria-expanded", true);
    tell("");
    fit();
    enter();
  }

  function enter() {
    if (!panel.className) return out.focus();
    frame.focus();
    frame.contentWindow.postMessage({ loa: "open" }, home);
  }

  function close() {
    if (panel.close) return panel.close();
    panel.removeAttribute("open");
    closed();
  }

  function closed() {
    if (isOpen()) return; // only turned from a corner into a full screen
    button.setAttribute("aria-expanded", false);
    button.focus();
  }

  function tell(sentence) {
    news.textContent = sentence;
    label.replaceChildren(...(sentence ? [sentence] : ["Nhắn tin", wide]));
    button.setAttribute("aria-label", sentence ? `${sentence}. ${title}` : title);
  }

  // The keyboard of a phone covers the page and does not make it smaller.
  function fit() {
    const seen = visualViewport;
    const covered = narrow.matches && seen.scale < 1.05;
    panel.style.height = covered ? `${seen.height}px` : "";
    panel.style.top = covered ? `${seen.offsetTop}px` : "";
  }

  function heard({ source, origin, data }) {
    if (!frame || source !== frame.contentWindow || origin !== home) return;
    if (data.loa === "close") close();
    if (data.loa === "news" && !isOpen()) tell("Có câu trả lời mới");
    if (data.loa === "ready") {
      panel.className = "ready";
      if (isOpen() && root.activeElement) enter();
    }
  }

  function begin() {
    if (root.adoptedStyleSheets) {
      const sheet = new CSSStyleSheet(); // which no content policy of the site refuses
      sheet.replaceSync(looks);
      root.adoptedStyleSheets = [sheet];
    } else root.append(made("style", {}, looks));
    tell("");
    root.append(button, news, panel);
    document.body.append(host);
  }

  button.onclick = () => (isOpen() ? close() : open());
  out.onclick = close;
  panel.onclose = closed;
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  narrow.onchange = () => { if (panel.open) { panel.close(); open(); } };
  for (const name of ["resize", "scroll"]) visualViewport.addEventListener(name, fit);
  addEventListener("message", heard);
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})(OFFICE);
