// Comfort only: every page works without this.
// A half-written answer outlives a reload of its tab, a button counts once, a one-time link is selected by a click.

const SENT = "loa-sent"; // the draft that was just sent, until the next page says what became of it
const key = (area) => `loa-draft:${area.dataset.draft}`;

const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
if (sent && document.querySelector(".flash")) sessionStorage.removeItem(sent);

for (const area of document.querySelectorAll("textarea[data-draft]")) {
  area.value ||= sessionStorage.getItem(key(area)) ?? "";
  area.addEventListener("input", () => sessionStorage.setItem(key(area), area.value));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  if ("again" in form.dataset) return; // a download leaves its page as it is
  form.dataset.sent = "1";
  const draft = form.querySelector("textarea[data-draft]");
  if (draft) sessionStorage.setItem(SENT, key(draft));
});

addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

for (const field of document.querySelectorAll("[data-select]")) {
  field.addEventListener("focus", () => field.select());
}
