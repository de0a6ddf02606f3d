// Is an exported record whole? The same checks as the program's own, in the same order, with the same findings: the two
// are held against each other in the tests. Knows no page.
"use strict";

const Check = (() => {
  const utf8 = new TextEncoder();
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

  function joined(...parts) {
    const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) { out.set(part, at); at += part.length; }
    return out;
  }

  const SUITES = [
    { name: "sha256-ed25519", hash: Hashes.sha256, verify: Curves.ed25519, log: [1], witness: [4], key: 32 },
    {
      name: "sm3-sm2", hash: Hashes.sm3, verify: Curves.sm2, key: 65,
      log: [255, ...utf8.encode("wenze/sm2-with-sm3")], witness: [255, ...utf8.encode("wenze/sm2-with-sm3-cosignature")],
    },
  ];

  class Malformed extends Error {}
  function demand(condition, message) { if (!condition) throw new Malformed(message); }

  // --- canonical JSON: what JSON.stringify writes, with the keys in order (RFC 8785 is made of it)

  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") {
      demand(typeof value !== "string" || !/\p{Cs}/u.test(value));
      demand(!Number.isInteger(value) || Number.isSafeInteger(value));
      return JSON.stringify(value);
    }
    return `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
  }

  /** The object that a text is in canonical form; Malformed otherwise. */
  function readObject(text) {
    let value, again;
    try { value = JSON.parse(text); again = canonical(value); } catch { throw new Malformed("not JSON"); }
    demand(again === text && value !== null && typeof value === "object" && !Array.isArray(value), "not canonical");
    return value;
  }

  const is = { string: (v) => typeof v === "string", number: Number.isSafeInteger, nothing: (v) => v === null };

  function hasFields(value, fields) {
    const names = Object.keys(fields);
    return Object.keys(value).length === names.length
      && names.every((name) => Object.hasOwn(value, name) && fields[name].some((type) => is[type](value[name])));
  }

  // --- keys, notes, checkpoints

  function fromBase64(text) {
    let raw;
    try { raw = atob(text); } catch { throw new Malformed("not base64"); }
    demand(btoa(raw) === text, "not base64");
    return Uint8Array.from(raw, (char) => char.charCodeAt(0));
  }

  const isKeyName = (name) => name !== "" && !/[+\s\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u.test(name);

  function readKey(text) {
    const [name, id, ...rest] = text.trim().split("+");
    demand(rest.length && isKeyName(name), "not a key");
    const material = fromBase64(rest.join("+"));
    for (const suite of SUITES) {
      for (const [type, witness] of [[suite.log, false], [suite.witness, true]]) {
        if (material.length === type.length + suite.key && type.every((byte, at) => byte === material[at])) {
          const computed = hex(Hashes.sha256(joined(utf8.encode(`${name}\n`), material)).slice(0, 4));
          demand(computed === id, "the id of the key is another");
          return { text: text.trim(), name, id, suite, witness, key: material.slice(type.length) };
        }
      }
    }
    throw new Malformed("a key of an unknown kind");
  }

  function fingerprint(key) {
    return hex(Hashes.sha256(utf8.encode(key.text))).match(/.{4}/g).join(" ");
  }

  function readNote(note) {
    const at = note.lastIndexOf("\n\n");
    const lines = note.slice(at + 2).split("\n");
    demand(at >= 0 && lines.pop() === "" && lines.length && lines.length <= 64, "not a signed note");
    demand(!/[\x00-\x09\x0b-\x1f]/.test(note), "control characters");
    return { text: note.slice(0, at + 1), signatures: lines.map(readSignature) };
  }

  function readSignature(line) {
    const [, name, encoded] = /^— ([^ ]*) (.*)$/su.exec(line) ?? [];
    demand(name !== undefined && isKeyName(name), "not a signature");
    const value = fromBase64(encoded);
    demand(value.length > 4, "a signature too short");
    return { name, id: hex(value.slice(0, 4)), value: value.slice(4) };
  }

  function readCheckpoint(note) {
    const { text, signatures } = readNote(note);
    const [origin, size, root, empty, ...more] = text.split("\n");
    demand(origin && empty === "" && !more.length && /^(0|[1-9][0-9]{0,14})$/.test(size), "not a checkpoint");
    const hash = fromBase64(root);
    demand(hash.length === 32, "not a root");
    return { origin, size: Number(size), root: hash, text, signatures };
  }

  const isOf = (signature, key) => signature.name === key.name && signature.id === key.id;

  async function holds(text, signature, key) {
    const stamp = key.witness ? 8 : 0;
    if (signature.value.length !== stamp + 64) return false;
    const time = new DataView(signature.value.buffer, signature.value.byteOffset, 8).getBigUint64(0);
    const signed = utf8.encode(key.witness ? `cosignature/v1\ntime ${time}\n${text}` : text);
    return key.suite.verify(key.key, signed, signature.value.slice(stamp));
  }

  // --- entries

  const FIELDS = {
    entry: { commitment: ["string"] },
    opened: { at: ["string"], key: ["string"], origin: ["string"], suite: ["string"] },
    erased: { at: ["string"], basis: ["string"], entry: ["number"] },
    rotated: { at: ["string"], endorsement: ["string", "nothing"], key: ["string"], reason: ["string"] },
    restored: { at: ["string"], reason: ["string"], root: ["string"], size: ["number"] },
  };
  const isHash = (text) => /^[0-9a-f]{64}$/.test(text);

  function readLeaf(text) {
    const { kind, n, ...fields } = readObject(text);
    demand(is.string(kind) && Object.hasOwn(FIELDS, kind) && is.number(n) && n >= 0 && hasFields(fields, FIELDS[kind]), "of no known kind");
    for (const name of ["commitment", "root"]) demand(!(name in fields) || isHash(fields[name]), "not a hash");
    if ("key" in fields) {
      const key = readKey(fields.key);
      demand(!key.witness, "a witness's key");
      demand(kind !== "opened" || (key.suite.name === fields.suite && key.name === fields.origin), "another record's key");
      fields.verifier = key;
    }
    demand(kind !== "erased" || (fields.entry >= 0 && fields.entry < n), "erases no earlier entry");
    demand(kind !== "restored" || fields.size >= 0, "a size below nought");
    demand((kind === "opened") === (n === 0), "not the opening entry");
    return { kind, n, fields };
  }

  // --- the tree

  class Edge {
    constructor(hash) { this.hash = hash; this.size = 0; this.parts = []; }
    node(left, right) { return this.hash(joined([1], left, right)); }
    add(made) {
      for (let index = this.size; index % 2; index = (index - 1) / 2) made = this.node(this.parts.pop(), made);
      this.parts.push(made);
      this.size += 1;
    }
    root() {
      if (!this.parts.length) return this.hash(new Uint8Array());
      return this.parts.reduceRight((made, part) => this.node(part, made));
    }
  }

  // --- the audit: checkpoints first, then the entries, then what follows from all of them

  class Audit {
    constructor(trusted) {
      Object.assign(this, { trusted, findings: [], origin: "", size: 0, checked: 0, keys: [], restorations: [], withheld: 0 });
      Object.assign(this, { erasures: new Map(), witnessed: new Map(), signed: [], edge: null, aligned: true, wrong: null });
      Object.assign(this, { roots: new Map(), wanted: new Set(), closed: new Map(), about: new Set(), endorsements: [] });
    }

    say(id, place, values = {}) { this.findings.push({ id, place, values }); }

    root() { return this.edge && this.aligned && this.wrong === null ? this.edge.root() : null; }

    expect(place, note, held) {
      let checkpoint;
      try { checkpoint = readCheckpoint(note); } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        this.say("R201", place);
        return;
      }
      this.signed.push({ place, held, ...checkpoint });
      this.wanted.add(checkpoint.size);
    }

    take({ n, leaf: text, hash, opening }, place) {
      if (n !== this.size && this.aligned) {
        this.say("R101", place, { expected: this.size, n });
        this.aligned = false;
      }
      const leaf = this.leaf(n, text);
      this.size = n + 1;
      if (!this.edge) return;
      const made = this.edge.hash(joined([0], utf8.encode(text)));
      const differs = hex(made) !== hash;
      if (differs || !leaf) {
        this.say(differs ? "R103" : "R102", place, { n });
        this.wrong ??= n;
      }
      if (leaf && leaf.kind !== "entry" && leaf.kind !== "opened") this.takeAbout(leaf, place);
      if (leaf && !differs) this.payload(leaf, opening, place);
      else if (!is.string(opening)) this.closed.set(n, "");
      this.edge.add(made);
      if (this.wanted.has(this.size) && this.aligned && this.wrong === null) this.roots.set(this.size, this.edge.root());
    }

    leaf(n, text) {
      let leaf;
      try { leaf = readLeaf(text); } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        return null;
      }
      if (leaf.n !== n) return null;
      if (leaf.kind === "opened" && !this.edge) {
        this.origin = leaf.fields.origin;
        this.edge = new Edge(leaf.fields.verifier.suite.hash);
        this.roots.set(0, this.edge.root());
        this.keys.push({ start: 0, key: leaf.fields.verifier, endorsed: null });
      }
      if (leaf.kind !== "entry") this.about.add(n);
      return leaf;
    }

    takeAbout({ kind, n, fields }, place) {
      if (kind === "rotated") {
        if (fields.endorsement !== null) this.endorsements.push({ old: this.keys.at(-1).key, n, place, fields });
        this.keys.push({ start: n, key: fields.verifier, endorsed: fields.endorsement !== null });
      } else if (kind === "restored") {
        this.restorations.push({ n, ...fields });
        this.say("R301", place, { n, size: fields.size });
      } else if (this.erasures.has(fields.entry) || this.about.has(fields.entry)) {
        this.say("R108", place, { n, entry: fields.entry });
      } else {
        this.erasures.set(fields.entry, n);
      }
    }

    payload(leaf, opening, place) {
      if (leaf.kind !== "entry") {
        if (is.string(opening) || opening === 0) this.say("R107", place, { n: leaf.n });
      } else if (opening === 0) {
        this.withheld += 1;
        this.closed.set(leaf.n, "");
      } else if (!is.string(opening)) {
        this.closed.set(leaf.n, place);
      } else {
        const bytes = utf8.encode(opening);
        const padding = new Uint8Array((256 - (bytes.length % 256)) % 256).fill(32);
        const made = this.edge.hash(joined(utf8.encode("wenze/commitment/1\n"), bytes, padding));
        if (hex(made) !== leaf.fields.commitment) this.say("R104", place, { n: leaf.n });
      }
    }

    async finish() {
      if (!this.edge) {
        this.say("R111", "record");
        return;
      }
      this.checkErasures();
      for (const each of this.endorsements) await this.checkEndorsement(each);
      this.checkKeys();
      for (const signed of [...this.signed].sort((a, b) => a.size - b.size)) {
        if (await this.check(signed)) this.checked = Math.max(this.checked, signed.size);
      }
      this.checkKept();
      if (this.checked < this.size && this.aligned && this.wrong === null) this.say("R209", "record", { size: this.checked, found: this.size });
    }

    checkKept() {
      const line = ({ name, id, value }) => `${name} ${id} ${hex(value)}`;
      const kept = this.signed.filter((each) => !each.held).map(({ text, signatures }) => [text, new Set(signatures.map(line))]);
      for (const { place, size, text, signatures } of this.signed.filter((each) => each.held && each.origin === this.origin)) {
        const whole = kept.some(([other, others]) => text === other && signatures.every((each) => others.has(line(each))));
        if (!whole) this.say("R212", place, { size });
      }
    }

    checkErasures() {
      for (const [n, place] of this.closed) if (place && !this.erasures.has(n)) this.say("R105", place, { n });
      for (const [n, by] of this.erasures) if (!this.closed.has(n)) this.say("R106", `entry ${n}`, { n, by });
    }

    async checkEndorsement({ old, n, place, fields }) {
      let signature = new Uint8Array();
      try { signature = fromBase64(fields.endorsement); } catch (error) { if (!(error instanceof Malformed)) throw error; }
      const text = utf8.encode(`wenze/rotation/1\n${this.origin}\n${n}\n${fields.key}\n`);
      if (!await old.suite.verify(old.key, text, signature)) this.say("R307", place);
    }

    checkKeys() {
      const trusted = new Set(this.trusted.filter((key) => !key.witness).map((key) => key.text));
      if (!trusted.size) this.say("R305", "key 0", { fingerprint: fingerprint(this.keys[0].key) });
      let vouched = false;
      this.keys.forEach(({ start, key, endorsed }, at) => {
        vouched = trusted.has(key.text) || (vouched && Boolean(endorsed));
        if (vouched || (!trusted.size && endorsed)) return;
        const values = { fingerprint: fingerprint(key) };
        if (at && !trusted.size) this.say("R306", `key ${start}`, values);
        else if (trusted.size && !this.keys.slice(at).some((later) => trusted.has(later.key.text))) {
          this.say(at ? "R304" : "R303", `key ${start}`, values);
        }
      });
    }

    /** Whether the checkpoint holds in all. */
    async check(signed) {
      if (signed.origin !== this.origin) {
        this.say("R206", signed.place, { origin: signed.origin });
        return false;
      }
      const genuine = await this.isSigned(signed);
      if (!this.hasRoot(signed) || !genuine) return false;
      for (const witness of this.trusted.filter((key) => key.witness)) {
        for (const signature of signed.signatures.filter((each) => isOf(each, witness))) {
          if (await holds(signed.text, signature, witness)) {
            this.witnessed.set(witness.name, Math.max(this.witnessed.get(witness.name) ?? 0, signed.size));
          } else {
            this.say("R211", signed.place, { name: witness.name });
          }
        }
      }
      return true;
    }

    async isSigned(signed) {
      const { size, place, text, signatures } = signed;
      const due = this.keys.filter((each) => each.start < Math.max(size, 1)).at(-1).key;
      const own = signatures.filter((each) => isOf(each, due));
      if (own.length) {
        let all = true;
        for (const each of own) all = await holds(text, each, due) && all;
        if (all) return true;
        this.say("R202", place, { size });
        return false;
      }
      if (size > this.size || this.ofLostTime(signed)) return true;
      const other = signatures.some((each) => this.keys.some(({ key }) => isOf(each, key)));
      this.say(other ? "R210" : "R203", place, { size });
      return false;
    }

    hasRoot(signed) {
      const { size, place } = signed;
      if (this.isRoot(signed)) return true;
      const lost = this.ofLostTime(signed);
      if (lost) this.say("R302", place, { size, n: lost.n, last: size - 1 });
      else if (size <= this.size && (!this.aligned || (this.wrong !== null && this.wrong < size))) { /* named already */ }
      else if (size > this.size) this.say("R205", place, { size, found: this.size, last: size - 1 });
      else this.say("R204", place, { size, first: this.goodBelow(size), last: size - 1 });
      return false;
    }

    isRoot({ size, root }) { return this.roots.has(size) && same(this.roots.get(size), root); }

    goodBelow(size) {
      return Math.max(0, ...this.signed.filter((each) => each.size < size && this.isRoot(each)).map((each) => each.size));
    }

    ofLostTime(signed) {
      if (this.isRoot(signed)) return undefined;
      return this.restorations.find((each) => each.n < signed.size && signed.size <= each.size);
    }
  }

  // --- the file

  const SHAPES = {
    head: { format: ["string"] },
    checkpoint: { checkpoint: ["number"], note: ["string"] },
    entry: { hash: ["string"], leaf: ["string"], n: ["number"], opening: ["string", "number", "nothing"] },
    end: { checkpoints: ["number"], entries: ["number"] },
  };
  const strictly = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const loosely = new TextDecoder("utf-8", { ignoreBOM: true });

  /** Digest, object and the object's text; null where the line is not exactly as it would be written. */
  function readLine(bytes) {
    let text;
    try { text = strictly.decode(bytes); } catch { return null; }
    const [, digest, body] = /^\["([0-9a-f]{64})",(.*)\]\n$/s.exec(text) ?? [];
    if (digest === undefined) return null;
    try { return { digest, body, value: readObject(body) }; } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return null;
    }
  }

  class Reader {
    constructor(audit, onEntry) {
      Object.assign(this, { audit, onEntry, digest: "0".repeat(64), begun: false, last: null, foreign: false });
      this.found = { checkpoints: 0, entries: 0 };
    }

    take(place, bytes) {
      const line = readLine(bytes);
      if (!line) {
        this.audit.say("R001", place);
        this.digest = loosely.decode(bytes.slice(2, 66));
        return;
      }
      if (line.digest !== hex(Hashes.sha256(utf8.encode(this.digest + line.body)))) this.audit.say("R002", place);
      this.digest = line.digest;
      this.understand(place, line.value);
    }

    understand(place, value) {
      const shape = Object.keys(SHAPES).find((name) => hasFields(value, SHAPES[name]));
      if (shape === "head" && !this.begun) {
        this.begun = true;
        this.foreign = value.format !== "wenze-bundle/1";
      } else if (shape === "checkpoint" && !this.found.entries) {
        if (value.checkpoint !== this.found.checkpoints) this.audit.say("R207", place, { expected: this.found.checkpoints });
        this.found.checkpoints = value.checkpoint + 1;
        this.audit.expect(place, value.note, false);
      } else if (shape === "entry" && !this.last) {
        this.found.entries += 1;
        this.audit.take(value, place);
        this.onEntry(value);
      } else if (shape === "end" && !this.last) {
        this.last = value;
      } else {
        this.audit.say("R001", place);
      }
      if (this.foreign) this.audit.say("R003", place);
    }

    end() {
      const { last, found } = this;
      if (!this.begun) this.audit.say("R003", "record");
      if (!last || last.entries !== found.entries || last.checkpoints !== found.checkpoints) {
        const said = last ? `${last.entries} + ${last.checkpoints}` : "–";
        this.audit.say("R004", "record", { said, found: `${found.entries} + ${found.checkpoints}` });
      }
    }
  }

  /** The lines of a file with their newlines, as bytes. */
  function* lines(bytes) {
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(10, start);
      const stop = newline < 0 ? bytes.length : newline + 1;
      yield bytes.subarray(start, stop);
      start = stop;
    }
  }

  /** The audit of a file's bytes. `rest` is awaited now and then, so that a page can breathe. */
  async function bundle(bytes, { trusted = [], held = [], onEntry = () => {}, rest = async () => {} } = {}) {
    const audit = new Audit(trusted.map(readKey));
    held.forEach((note, at) => audit.expect(`held ${at + 1}`, note, true));
    const reader = new Reader(audit, onEntry);
    let number = 0;
    for (const line of lines(bytes)) {
      reader.take(`line ${++number}`, line);
      if (reader.foreign) return audit;
      if (number % 1000 === 0) await rest(number);
    }
    reader.end();
    await audit.finish();
    return audit;
  }

  return { bundle, fingerprint, hex, readCheckpoint, readKey };
})();
