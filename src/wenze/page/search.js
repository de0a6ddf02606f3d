// Search of a static law site. Reads window.wenze = { pages: [[name, title]], grams: { gram: [page] } } from index.js;
// works from a disk as well as from a server. Every page is complete without it.
(() => {
  "use strict";
  const form = document.querySelector("form.search");
  const main = document.querySelector("main");
  if (!form || !main || !window.wenze) return;
  const { pages, grams } = window.wenze;
  const here = document.documentElement.lang.startsWith("zh") ? "zh/" : "en/";
  const list = document.createElement("ol");
  list.className = "hits";
  list.setAttribute("aria-live", "polite");
  list.hidden = true;
  form.append(list);
  form.hidden = false;

  const split = (text) => {
    const found = [];
    for (const [run] of text.matchAll(/[\u3400-\u9fff]+/g)) {
      if (run.length === 1) found.push(run);
      for (let at = 0; at + 1 < run.length; at += 1) found.push(run.slice(at, at + 2));
    }
    for (const [word] of text.toLowerCase().matchAll(/[a-z0-9]+/g)) found.push(word);
    return found;
  };
  // A single character is in every pair that has it; a word stands for every word that begins with it.
  const holding = (asked) => {
    const found = new Set();
    const match = /^[\u3400-\u9fff]$/.test(asked) ? (gram) => gram.includes(asked) : (gram) => gram === asked || (/^[a-z]/.test(asked) && gram.startsWith(asked));
    for (const gram in grams) if (match(gram)) for (const page of grams[gram]) found.add(page);
    return found;
  };
  const show = () => {
    const asked = split(form.q.value);
    list.replaceChildren();
    list.hidden = asked.length === 0;
    if (!asked.length) return;
    const sets = asked.map(holding);
    const hits = pages.map((_, page) => page).filter((page) => pages[page][0].startsWith(here) && sets.every((set) => set.has(page)));
    for (const page of hits.slice(0, 40)) {
      const link = document.createElement("a");
      link.href = "../" + pages[page][0];
      link.textContent = pages[page][1];
      list.appendChild(document.createElement("li")).appendChild(link);
    }
    if (!hits.length) list.appendChild(document.createElement("li")).textContent = form.q.dataset.none;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
})();
