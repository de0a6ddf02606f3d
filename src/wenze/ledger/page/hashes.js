// SHA-256 (FIPS 180-4) and SM3 (GB/T 32905), from bytes to bytes. Written out because a browser's own SHA-256 answers
// only later, and none has SM3; the page compares this SHA-256 with the browser's before it says anything.
"use strict";

const Hashes = (() => {
  const rotl = (x, n) => (x << n) | (x >>> (32 - n));
  const rotr = (x, n) => (x >>> n) | (x << (32 - n));

  /** The message in blocks of 16 words, padded as both hashes do it. */
  function blocks(message) {
    const length = message.length;
    const bytes = new Uint8Array(((length + 8) >> 6) * 64 + 64);
    bytes.set(message);
    bytes[length] = 0x80;
    const view = new DataView(bytes.buffer);
    view.setUint32(bytes.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(bytes.length - 4, (length << 3) >>> 0);
    return view;
  }

  function digest(state) {
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, at) => out.setUint32(4 * at, word));
    return new Uint8Array(out.buffer);
  }

  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 0x100000000) | 0;
  const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
  const SHA256_START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
  const W = new Int32Array(68);

  function sha256(message) {
    const view = blocks(message);
    const h = Int32Array.from(SHA256_START);
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
      for (let i = 16; i < 64; i++) {
        const x = W[i - 15], y = W[i - 2];
        const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3), s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
        W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 64; i++) {
        const t = (k + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
        const u = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        k = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
      }
      [a, b, c, d, e, f, g, k].forEach((word, i) => { h[i] = (h[i] + word) | 0; });
    }
    return digest(h);
  }

  const SM3_START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];

  function sm3(message) {
    const view = blocks(message);
    const v = Int32Array.from(SM3_START);
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
      for (let i = 16; i < 68; i++) {
        const x = W[i - 16] ^ W[i - 9] ^ rotl(W[i - 3], 15);
        W[i] = x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(W[i - 13], 7) ^ W[i - 6];
      }
      let [a, b, c, d, e, f, g, k] = v;
      for (let i = 0; i < 64; i++) {
        const early = i < 16;
        const s1 = rotl((rotl(a, 12) + e + rotl(early ? 0x79cc4519 : 0x7a879d8a, i % 32)) | 0, 7);
        const t1 = ((early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + (s1 ^ rotl(a, 12)) + (W[i] ^ W[i + 4])) | 0;
        const t2 = ((early ? e ^ f ^ g : (e & f) | (~e & g)) + k + s1 + W[i]) | 0;
        d = c; c = rotl(b, 9); b = a; a = t1;
        k = g; g = rotl(f, 19); f = e; e = t2 ^ rotl(t2, 9) ^ rotl(t2, 17);
      }
      [a, b, c, d, e, f, g, k].forEach((word, i) => { v[i] ^= word; });
    }
    return digest(v);
  }

  return { sha256, sm3 };
})();
