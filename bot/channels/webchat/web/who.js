// Who this browser is to us. A cookie says it. Where a browser keeps none for a page inside another site's, the page
// makes a bearer of its own, keeps it in that frame's storage, and shows it in a header.
const KEY = "loa.bearer";
export const framed = document.body.classList.contains("framed");
let bearer = framed ? kept() : "";

export async function ask(path, options = {}) {
  const shown = bearer;
  const answer = await fetch(path, signed(options));
  if (answer.status !== 401 || !framed || shown) return answer;
  bearer ||= begun();
  return fetch(path, signed(options));
}

export const proof = () => (bearer ? { Authorization: `Bearer ${bearer}` } : {});

// A new tab or an <img> could not show who asks for a photo from inside another site: there it is fetched first.
export async function openable(address) {
  if (!framed || !address.startsWith("/chat/")) return address;
  const answer = await ask(address);
  return answer.ok ? URL.createObjectURL(await answer.blob()) : address;
}

export function forget() {
  bearer = "";
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
}

const signed = (options) => ({ ...options, headers: { ...options.headers, ...proof() } });

function kept() {
  try {
    return localStorage.getItem(KEY) || "";
  } catch {
    return "";
  }
}

function begun() {
  const made = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
  const token = made.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  try {
    localStorage.setItem(KEY, token);
  } catch {
    // forbidden too: known until the page closes
  }
  return token;
}
