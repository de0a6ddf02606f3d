// Is this signature one? Ed25519 (RFC 8032) by the browser where it can, written out where it cannot; SM2 (GB/T 32918)
// written out. Only public values are handled, so time tells nobody anything.
"use strict";

const Curves = (() => {
  const mod = (a, m) => ((a % m) + m) % m;

  function power(base, exponent, m) {
    let result = 1n;
    for (base = mod(base, m); exponent; exponent >>= 1n, base = (base * base) % m) if (exponent & 1n) result = (result * base) % m;
    return result;
  }

  /** By Euclid; m is prime. */
  function inverse(a, m) {
    let [r, s, x, y] = [m, mod(a, m), 0n, 1n];
    while (s) {
      const q = r / s;
      [r, s, x, y] = [s, r - q * s, y, x - q * y];
    }
    return mod(x, m);
  }

  const big = (bytes) => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

  function bytes32(value) {
    const out = new Uint8Array(32);
    for (let at = 31; at >= 0; at--, value >>= 8n) out[at] = Number(value & 255n);
    return out;
  }

  // --- Ed25519: points as X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z

  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const D = mod(-121665n * inverse(121666n, P), P);

  function add(p, q) {
    const a = mod((p[1] - p[0]) * (q[1] - q[0]), P), b = mod((p[1] + p[0]) * (q[1] + q[0]), P);
    const c = mod(2n * p[3] * q[3] * D, P), d = mod(2n * p[2] * q[2], P);
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
  }

  function times(scalar, point, sum, zero) {
    let result = zero;
    for (let bit = point; scalar; scalar >>= 1n, bit = sum(bit, bit)) if (scalar & 1n) result = sum(result, bit);
    return result;
  }

  /** The point that 32 bytes name, null where they name none. */
  function decode(bytes) {
    const value = big(Uint8Array.from(bytes).reverse());
    const y = value & (2n ** 255n - 1n), sign = value >> 255n;
    const u = mod(y * y - 1n, P), v = mod(D * y * y + 1n, P);
    let x = mod(u * power(v, 3n, P) * power(u * power(v, 7n, P), (P - 5n) / 8n, P), P);
    if (mod(v * x * x, P) === mod(-u, P)) x = mod(x * power(2n, (P - 1n) / 4n, P), P);
    if (mod(v * x * x, P) !== u || y >= P || (x === 0n && sign)) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, mod(x * y, P)];
  }

  function encode(point) {
    const z = inverse(point[2], P);
    const x = mod(point[0] * z, P), y = mod(point[1] * z, P);
    return bytes32(y | ((x & 1n) << 255n)).reverse();
  }

  const BASE = decode(bytes32(mod(4n * inverse(5n, P), P)).reverse());
  const ZERO = [0n, 1n, 1n, 0n];

  async function ed25519ByHand(publicKey, message, signature) {
    const point = decode(publicKey), s = big(signature.slice(32).reverse());
    if (!point || s >= L) return false;
    const hashed = await sha512(Uint8Array.of(...signature.slice(0, 32), ...publicKey, ...message));
    const k = mod(big(hashed.reverse()), L);
    const negative = [P - point[0], point[1], 1n, mod(-point[3], P)];
    const found = encode(add(times(s, BASE, add, ZERO), times(k, negative, add, ZERO)));
    return found.every((byte, at) => byte === signature[at]);
  }

  /** By the browser where it has it; on a page opened without a secure context it has none. */
  async function sha512(message) {
    if (globalThis.crypto?.subtle) return new Uint8Array(await crypto.subtle.digest("SHA-512", message));
    return sha512ByHand(message);
  }

  function sha512ByHand(message) {
    const M = 2n ** 64n - 1n;
    const primes = [];
    for (let n = 2n; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
    const K = primes.map((p) => root(p << 192n, 3n) & M), h = primes.slice(0, 8).map((p) => root(p << 128n, 2n) & M);
    const padded = new Uint8Array(((message.length + 16) >> 7) * 128 + 128);
    padded.set(message);
    padded[message.length] = 0x80;
    padded.set(bytes32(BigInt(message.length) * 8n).slice(16), padded.length - 16);
    const r = (x, n) => ((x >> n) | (x << (64n - n))) & M;
    for (let at = 0; at < padded.length; at += 128) {
      const w = Array.from({ length: 16 }, (_, i) => big(padded.slice(at + 8 * i, at + 8 * i + 8)));
      for (let i = 16; i < 80; i++) {
        const x = w[i - 15], y = w[i - 2];
        w.push((w[i - 16] + (r(x, 1n) ^ r(x, 8n) ^ (x >> 7n)) + w[i - 7] + (r(y, 19n) ^ r(y, 61n) ^ (y >> 6n))) & M);
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 80; i++) {
        const t = k + (r(e, 14n) ^ r(e, 18n) ^ r(e, 41n)) + ((e & f) ^ (~e & M & g)) + K[i] + w[i];
        const u = (r(a, 28n) ^ r(a, 34n) ^ r(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        k = g; g = f; f = e; e = (d + t) & M; d = c; c = b; b = a; a = (t + u) & M;
      }
      [a, b, c, d, e, f, g, k].forEach((word, i) => { h[i] = (h[i] + word) & M; });
    }
    return Uint8Array.from(h.flatMap((word) => [...bytes32(word).slice(24)]));
  }

  /** The whole part of the n-th root. */
  function root(value, n) {
    let low = 0n, high = 1n << (BigInt(value.toString(2).length) / n + 1n);
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** n <= value) low = middle; else high = middle;
    }
    return low;
  }

  async function ed25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
      return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
    } catch {
      return ed25519ByHand(publicKey, message, signature);
    }
  }

  // --- SM2: points as [x, y], null at infinity

  const Q = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
  const A = Q - 3n;
  const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
  const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
  const G = [
    0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
    0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
  ];
  const USER = new TextEncoder().encode("1234567812345678");

  function sum(p, q) {
    if (!p || !q) return p || q;
    if (p[0] === q[0] && mod(p[1] + q[1], Q) === 0n) return null;
    const slope = p[0] === q[0]
      ? (3n * p[0] * p[0] + A) * inverse(2n * p[1], Q)
      : (q[1] - p[1]) * inverse(q[0] - p[0], Q);
    const x = mod(slope * slope - p[0] - q[0], Q);
    return [x, mod(slope * (p[0] - x) - p[1], Q)];
  }

  async function sm2(publicKey, message, signature) {
    if (publicKey.length !== 65 || publicKey[0] !== 4 || signature.length !== 64) return false;
    const point = [big(publicKey.slice(1, 33)), big(publicKey.slice(33))];
    const r = big(signature.slice(0, 32)), s = big(signature.slice(32));
    const onCurve = point[0] < Q && point[1] < Q && mod(point[1] ** 2n - point[0] ** 3n - A * point[0] - B, Q) === 0n;
    const t = mod(r + s, N);
    if (!onCurve || r <= 0n || r >= N || s <= 0n || s >= N || !t) return false;
    const length = USER.length * 8;
    const about = [Uint8Array.of(length >> 8, length & 255), USER, ...[A, B, ...G, ...point].map(bytes32)];
    const e = big(Hashes.sm3(Uint8Array.of(...Hashes.sm3(Uint8Array.of(...about.flatMap((part) => [...part]))), ...message)));
    const found = sum(times(s, G, sum, null), times(t, point, sum, null));
    return found !== null && mod(e + found[0], N) === r;
  }

  return { ed25519, ed25519ByHand, sha512ByHand, sm2 };
})();
