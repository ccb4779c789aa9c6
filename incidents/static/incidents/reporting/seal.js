/**
 * Encryption of what lies on the phone: AES-GCM of the Web Cryptography API, a fresh nonce each time. What a text was
 * sealed for (`label`) is checked when it is opened, so that one report's photo cannot be put under another.
 */
const ALGORITHM = "AES-GCM";
const NONCE_BYTES = 12;

/** Plain http on a LAN has no such API. */
export const canSeal = Boolean(globalThis.crypto?.subtle);

/** 32 bytes as a key that scripts can use and not read. */
export function importKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, ALGORITHM, false, ["encrypt", "decrypt"]);
}

/** An ArrayBuffer encrypted: {nonce, data}. */
export async function sealBytes(key, bytes, label) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return { nonce, data: await crypto.subtle.encrypt(parameters(nonce, label), key, bytes) };
}

/** @throws {DOMException} OperationError for another key, another label, or a changed byte */
export function openBytes(key, { nonce, data }, label) {
  return crypto.subtle.decrypt(parameters(nonce, label), key, data);
}

/** What JSON can say, encrypted. */
export function seal(key, value, label) {
  return sealBytes(key, new TextEncoder().encode(JSON.stringify(value)), label);
}

export async function open(key, sealed, label) {
  return JSON.parse(new TextDecoder().decode(await openBytes(key, sealed, label)));
}

function parameters(nonce, label) {
  return { name: ALGORITHM, iv: nonce, additionalData: new TextEncoder().encode(label) };
}
