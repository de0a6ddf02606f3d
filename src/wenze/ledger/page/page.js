// The page around the check: takes the file, shows what was found. Nothing leaves the browser; the policy in the page's
// head forbids every connection.
"use strict";

(() => {
  const WORDS = {
    zh: {
      title: "核对记录", language: "English",
      intro: "本页在您的浏览器内核对导出的记录，不联网，不上传任何内容。断网后也可使用。",
      file: "导出的记录文件", keys: "您所信任的公钥（每行一个，可不填）",
      keysHint: "由该单位或见证方另行交给您的公钥，形如 名称+编号+编码。不填则只按记录自己所说的密钥核对，请自行核对指纹。",
      held: "您手中的检查点（可不填，可多份）",
      heldHint: "早先得到的检查点全文，连同签名行。有了它，才能发现末尾被截去或放回了较早的副本。",
      check: "核对", about: "关于这份记录", entries: "查看条目", which: "条目编号",
      working: "正在核对…… 已读 {} 行", unreadable: "无法核对：{}",
      good: "没有发现问题：全部 {size} 条与检查点一致。", partly: "没有发现问题，但只有前 {checked} 条（共 {size} 条）有检查点保护。",
      bad: "发现 {} 处不对。", origin: "记录", size: "条目数", root: "根", checked: "检查点保护到", key: "密钥（自条目 {} 起）",
      witnesses: "见证方", erasures: "依法删除的正文", restorations: "曾从副本恢复", withheld: "未随文件提供的正文",
      none: "无", noEntry: "没有这一条", erased: "正文已由条目 {} 依法删除", hidden: "正文未随文件提供", missing: "没有正文",
      upTo: "{name}：到前 {size} 条", colon: "：",
    },
    en: {
      title: "Check a record", language: "中文",
      intro: "This page checks an exported record inside your browser. It uses no network and uploads nothing; it works offline.",
      file: "File of the exported record", keys: "Public keys you trust (one a line; may be empty)",
      keysHint: "As the office or a witness gave them to you by another way, in the form name+id+code. Without them, signatures are held against the key the record itself names: compare its fingerprint.",
      held: "Checkpoints you hold (may be empty, may be several)",
      heldHint: "The whole text of a checkpoint you got earlier, with its signature lines. Only with it can a cut end or an older copy show.",
      check: "Check", about: "About this record", entries: "Look at an entry", which: "Number of the entry",
      working: "Checking… {} lines read", unreadable: "Cannot be checked: {}",
      good: "Nothing wrong was found: all {size} entries are those the checkpoints signed.",
      partly: "Nothing wrong was found, but checkpoints guard only the first {checked} of {size} entries.",
      bad: "Found wrong: {}.", origin: "Record", size: "Entries", root: "Root", checked: "Guarded by checkpoints up to", key: "Key (from entry {} on)",
      witnesses: "Witnesses", erasures: "Payloads lawfully erased", restorations: "Restored from a copy", withheld: "Payloads not in the file",
      none: "none", noEntry: "There is no such entry", erased: "Payload lawfully erased by entry {}", hidden: "Payload not in the file", missing: "No payload",
      upTo: "{name}: up to {size} entries", colon: ": ",
    },
  };
  const { places, findings } = JSON.parse(document.getElementById("words").textContent);
  const byId = (id) => document.getElementById(id);
  let language = (navigator.language || "zh").startsWith("zh") ? "zh" : "en";
  let audit = null, lines = new Map(), failure = null;

  const fill = (text, values) => text.replace(/\{(\w*)\}/g, (_, name) => (typeof values === "object" ? values[name] : values));
  const word = (name, values = {}) => fill(WORDS[language][name], values);

  function sentence({ id, place, values }) {
    const [kind, which = ""] = place.split(" ");
    return `${id} ${fill(places[kind][language], which)}${word("colon")}${fill(findings[id][language], values)}`;
  }

  function make(tag, text, className = "") {
    const element = document.createElement(tag);
    element.textContent = text;
    element.className = className;
    return element;
  }

  function show() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
    byId("language").textContent = word("language");
    byId("result").hidden = !audit;
    if (failure !== null) byId("progress").textContent = word("unreadable", failure);
    if (audit) { showVerdict(); showFacts(); showEntry(); }
  }

  function showVerdict() {
    const wrong = audit.findings.filter(({ id }) => findings[id].wrong).length;
    const name = wrong ? "bad" : audit.checked < audit.size ? "partly" : "good";
    byId("verdict").textContent = word(name, wrong || audit);
    byId("verdict").className = `verdict ${wrong ? "bad" : name === "good" ? "good" : ""}`;
    byId("findings").replaceChildren(...audit.findings.map((each) => make("li", sentence(each), findings[each.id].wrong ? "wrong" : "known")));
  }

  function showFacts() {
    const root = audit.root();
    const facts = [
      [word("origin"), audit.origin || word("none")],
      [word("size"), audit.size],
      [word("checked"), audit.checked],
      [word("root"), root ? Check.hex(root) : word("none")],
      ...audit.keys.map(({ start, key }) => [word("key", start), `${key.text} — ${Check.fingerprint(key)}`]),
      [word("witnesses"), [...audit.witnessed].map(([name, size]) => word("upTo", { name, size })).join("; ") || word("none")],
      [word("erasures"), audit.erasures.size], [word("restorations"), audit.restorations.length], [word("withheld"), audit.withheld],
    ];
    byId("facts").replaceChildren(...facts.flatMap(([name, value]) => [make("dt", name), make("dd", String(value))]));
  }

  function showEntry() {
    const n = Number(byId("which").value), found = lines.get(n);
    byId("which").max = String(Math.max(audit.size - 1, 0));
    if (byId("which").value === "" || !found) {
      byId("entry").textContent = byId("which").value === "" ? "" : word("noEntry");
      return;
    }
    byId("entry").textContent = `${found.leaf}\n\n${payload(n, found.opening)}`;
  }

  function payload(n, opening) {
    if (opening === 0) return word("hidden");
    if (typeof opening !== "string") return audit.erasures.has(n) ? word("erased", audit.erasures.get(n)) : word("missing");
    try { return JSON.stringify(JSON.parse(opening).payload, null, 2); } catch { return opening; }
  }

  /** Several checkpoints in one text: each ends with its signature lines. */
  function split(text) {
    const whole = text.replace(/\r\n?/g, "\n").trim();
    if (!whole) return [];
    return whole.split(/(?<=^— .*)\n+(?!— |\n)/m).map((note) => `${note.trim()}\n`);
  }

  /** The browser's own SHA-256 and the page's must say the same. */
  async function compare() {
    const bytes = new TextEncoder().encode("wenze/问责");
    if (!globalThis.crypto?.subtle) return;
    const own = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (Check.hex(own) !== Check.hex(Hashes.sha256(bytes))) throw new Error("SHA-256");
  }

  async function run(event) {
    event.preventDefault();
    [audit, failure, lines] = [null, null, new Map()];
    show();
    const rest = (count) => {
      byId("progress").textContent = word("working", count);
      return new Promise((resume) => { setTimeout(resume); });
    };
    try {
      await compare();
      const trusted = byId("keys").value.split("\n").filter((line) => line.trim());
      const bytes = new Uint8Array(await byId("file").files[0].arrayBuffer());
      const options = { trusted, held: split(byId("held").value), onEntry: (value) => lines.set(value.n, value), rest };
      audit = await Check.bundle(bytes, options);
      byId("progress").textContent = "";
    } catch (error) {
      failure = error.message;
    }
    show();
  }

  document.querySelector("form").addEventListener("submit", run);
  byId("which").addEventListener("input", () => audit && showEntry());
  byId("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; show(); });
  show();
})();
