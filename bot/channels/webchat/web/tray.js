// The photos chosen for the next message: a preview each, its progress, and a way to take it out again.
import { element } from "./bubble.js";
import { shrink, upload } from "./photos.js";
import { words } from "./words.js";

const MOST = 5;

export function tray({ list, care, say }) {
  let photos = [];

  function add(files) {
    const room = MOST - photos.length;
    if (files.length > room) say(words.photoMost);
    for (const file of [...files].slice(0, room)) begin(file);
    refresh();
  }

  function begin(file) {
    const photo = { file, blob: null, preview: "", name: "", box: element("li"), stop: () => {} };
    photos.push(photo);
    list.append(photo.box);
    photo.work = work(photo);
  }

  async function work(photo) {
    const bar = element("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", words.photoLoading);
    draw(photo, bar);
    try {
      photo.blob ??= await shrink(photo.file);
      photo.preview ||= URL.createObjectURL(photo.blob);
      draw(photo, bar);
      const under = upload(photo.blob, (share) => { bar.value = share; });
      photo.stop = under.stop;
      photo.name = await under.name;
      draw(photo, element("span", "unseen", words.photoReady));
    } catch (error) {
      fail(photo, error.message);
    }
  }

  function fail(photo, sentence) {
    if (!photos.includes(photo)) return;
    if (!photo.blob) {
      remove(photo);
      say(sentence);
      return;
    }
    if (sentence) say(sentence);
    const again = element("button", "again", words.photoAgain);
    again.type = "button";
    again.addEventListener("click", () => { photo.work = work(photo); });
    draw(photo, again);
  }

  function draw(photo, state) {
    const image = element("img");
    image.alt = "";
    if (photo.preview) image.src = photo.preview;
    const out = element("button", "out", "×");
    out.type = "button";
    out.setAttribute("aria-label", `${words.remove} ${photos.indexOf(photo) + 1}`);
    out.addEventListener("click", () => remove(photo));
    photo.box.replaceChildren(image, state, out);
  }

  function remove(photo) {
    photos = photos.filter((one) => one !== photo);
    photo.stop();
    if (photo.preview) URL.revokeObjectURL(photo.preview);
    photo.box.remove();
    refresh();
  }

  function refresh() {
    list.hidden = care.hidden = photos.length === 0;
  }

  // The stored names once everything is up, or null when something did not go up.
  async function names() {
    const going = [...photos];
    if (going.some((photo) => !photo.name)) say(words.photoWait);
    await Promise.all(going.map((photo) => photo.work));
    if (photos.some((photo) => !photo.name)) {
      say(words.photoFailed);
      return null;
    }
    return photos.map((photo) => photo.name);
  }

  return { add, names, clear: () => [...photos].forEach(remove) };
}
