// Where the citizen writes: Enter sends, Shift+Enter begins a new line.
import { tray } from "./tray.js";
import { words } from "./words.js";

const MOST = 4000;
const TELL_FROM = 300; // characters left when the page begins to count

export function composer({ form, field, note, file, pick, list, care, submit }) {
  const chosen = tray({ list, care, say });
  let sending = false;
  let counting = false;

  function say(sentence) {
    note.textContent = sentence;
    counting = false;
  }

  async function send(event) {
    event?.preventDefault();
    if (sending) return;
    sending = true;
    say("");
    const photos = await chosen.names();
    sending = false;
    const text = field.value.trim();
    if (!photos || (!text && !photos.length)) return;
    say("");
    field.value = "";
    chosen.clear();
    fit();
    submit(text, photos);
  }

  function fit() {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    const left = MOST - field.value.length;
    if (left < TELL_FROM || counting) say(left < TELL_FROM ? words.left(left) : "");
    counting = left < TELL_FROM;
  }

  form.addEventListener("submit", (event) => { send(event); field.focus(); });
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    // While Telex or VNI composes a letter, Enter belongs to the keyboard.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event);
  });
  pick.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    say("");
    chosen.add(file.files);
    file.value = "";
    field.focus();
  });
  form.hidden = false;
  return { say };
}
