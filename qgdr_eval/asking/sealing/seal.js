// Sealing in the browser: HPKE in base mode (RFC 9180), as sealing.py opens it.
// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
const text = (words) => new TextEncoder().encode(words);
const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const VERSION = text("HPKE-v1");
const KEM = join(text("KEM"), [0, 16]);
const SUITE = join(text("HPKE"), [0, 16, 0, 1, 0, 2]);
const CURVE = { name: "ECDH", namedCurve: "P-256" };

async function hmac(key, ...parts) {
  const made = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, join(...parts)));
}

const extract = (suite, salt, label, secret) => hmac(salt, VERSION, suite, text(label), secret);
const expand = async (suite, secret, label, info, length) =>
  (await hmac(secret, [0, length], VERSION, suite, text(label), info, [1])).slice(0, length);

export const can = () => Boolean(globalThis.crypto?.subtle);

export async function seal(content, { key, use, room }) {
  const nothing = new Uint8Array(32);
  const mine = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", key, CURVE, false, []);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256));
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey));
  const secret = await expand(KEM, await extract(KEM, nothing, "eae_prk", shared), "shared_secret", join(point, key), 32);
  const context = join([0], await extract(SUITE, nothing, "psk_id_hash", []), await extract(SUITE, nothing, "info_hash", text(use)));
  const scheduled = await extract(SUITE, secret, "secret", []);
  const box = await crypto.subtle.importKey("raw", await expand(SUITE, scheduled, "key", context, 32), "AES-GCM", false, ["encrypt"]);
  const nonce = await expand(SUITE, scheduled, "base_nonce", context, 12);
  const plain = text(JSON.stringify({ format: 1, ...content }));
  if (plain.length > room) throw new RangeError("too long for a box");
  const filled = new Uint8Array(4 + room);
  new DataView(filled.buffer).setUint32(0, plain.length);
  filled.set(plain, 4);
  return join(point, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, box, filled)));
}
