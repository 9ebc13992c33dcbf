// A photo made small in the browser (which also leaves its place and time behind), then sent up with its progress.
import { proof } from "./who.js";
import { words } from "./words.js";

const LONGEST_PX = 1600;
const QUALITY = 0.85;

export async function shrink(file) {
  const image = await decoded(file);
  const scale = Math.min(1, LONGEST_PX / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff"; // JPEG has no transparency
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) throw new Error(words.photoUnreadable);
  return blob;
}

async function decoded(file) {
  const address = URL.createObjectURL(file);
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return image;
  } catch {
    throw new Error(words.photoUnreadable);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// XMLHttpRequest, because fetch does not tell how much has gone up.
export function upload(blob, progress) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("photo", blob, "photo.jpg");
  const name = new Promise((done, failed) => {
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => (request.status === 200 ? done(request.response.photo) : failed(refusal(request))));
    for (const end of ["error", "timeout", "abort"]) request.addEventListener(end, () => failed(new Error("")));
  });
  request.open("POST", "/chat/photos");
  for (const [name, value] of Object.entries(proof())) request.setRequestHeader(name, value);
  request.responseType = "json";
  request.timeout = 120_000;
  request.send(form);
  return { name, stop: () => request.abort() };
}

const refusal = (request) => new Error(request.response?.error || "");
