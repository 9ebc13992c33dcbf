// Elements, and what is asked of the sandbox. Texts become text nodes only.

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(title, className, press) {
  const made = element("button", className, title);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

export function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Tells the sandbox; the sentence of what hinders it, or "". */
export async function tell(path, fields) {
  try {
    const answer = await fetch(path, { method: "POST", body: JSON.stringify(fields) });
    if (answer.ok) return "";
    if (answer.status === 409) return (await answer.json()).error;
    return `Sân thử báo lỗi ${answer.status}.`;
  } catch {
    return "Không tới được sân thử. Xin xem nó còn chạy không.";
  }
}

/** Puts `items` into `box`, touching only those that changed: whoever reads or presses there is not disturbed. */
export function keep(box, items, make) {
  const known = new Map([...box.children].map((one) => [one.dataset.key, one]));
  const wanted = items.map((item) => settled(known.get(item.key), item, make));
  for (const one of [...box.children]) if (!wanted.includes(one)) one.remove();
  wanted.forEach((one, at) => { if (box.children[at] !== one) box.insertBefore(one, box.children[at] ?? null); });
}

function settled(old, item, make) {
  const written = JSON.stringify(item);
  if (old?.dataset.written === written) return old;
  const made = make(item);
  made.dataset.key = item.key;
  made.dataset.written = written;
  return made;
}
