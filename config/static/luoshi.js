// Small comforts; every page works without them. Listens on the document, so it also serves parts that htmx brings.
"use strict";
(() => {
  const root = document.documentElement;
  const kept = (key, otherwise) => { try { return localStorage.getItem("luoshi-" + key) || otherwise; } catch { return otherwise; } };
  const keep = (key, value) => { try { localStorage.setItem("luoshi-" + key, value); } catch { /* private window: not kept */ } };
  const $ = (selector) => document.querySelector(selector);

  root.classList.add("js");
  root.dataset.density = kept("density", "normal");  // before the table is painted

  document.addEventListener("DOMContentLoaded", () => {
    const chosen = $(`[data-density="${root.dataset.density}"]:not(html)`);
    if (chosen) chosen.checked = true;
    const keys = $("[data-keys]");
    if (keys) keys.checked = kept("keys", "on") === "on";
    weigh();
    tally();
  });
  window.addEventListener("load", openFromAddress);  // later than the browser's own jump, which takes the focus away
  window.addEventListener("hashchange", openFromAddress);
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
    tally();  // a browser going back brings the ticks back by itself
    weigh();
  });

  // A to-do leads straight into the form of its move: …#act-accept.
  function openFromAddress() {
    const move = location.hash.startsWith("#act-") && document.getElementById(location.hash.slice(1));
    if (!move) return;
    move.open = true;
    const first = move.querySelector("textarea, select, input:not([type=hidden]), button");
    if (first) first.focus({ preventScroll: true });
    window.scrollTo(0, 0);  // the browser has jumped to the form; what it is about stands above it
    move.scrollIntoView({ block: "nearest" });
  }

  // The verdict follows the ticks: one 不符 and it can only be 退回, all 符合 and it can only be 通过. Without criteria
  // it follows what is written: with a reason 退回 comes first, without one 通过.
  function weigh() {
    const form = $("[data-decision]");
    if (!form) return;
    const reject = form.querySelector("[data-reject]"), approve = form.querySelector("[data-approve]");
    const barred = approve.type === "button";
    const numbers = [...new Set([...document.querySelectorAll("[data-tick]")].map((radio) => radio.dataset.tick))];
    const ticked = (value) => numbers.filter((no) => $(`[data-tick="${no}"][value=${value}]`).checked);
    const yes = ticked("yes").length, unmet = ticked("no");
    if (numbers.length && !barred) {
      grey(approve, unmet.length > 0);
      grey(reject, yes === numbers.length);
      const tally = form.querySelector("[data-tally]"), note = $("#tally-note");
      if (yes + unmet.length) tally.textContent = tally.dataset.tally.replace("{yes}", yes).replace("{no}", unmet.length);
      note.dataset.otherwise ??= note.textContent;
      note.textContent = unmet.length ? note.dataset.unmet : note.dataset.otherwise;
      begin(form, numbers, unmet);
    }
    const rejecting = numbers.length ? unmet.length > 0 : form.comment.value.trim() !== "" || barred;
    reject.classList.toggle("primary", rejecting);
    approve.classList.toggle("primary", !rejecting && yes === numbers.length);
  }
  const grey = (button, is) => { if (is) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled"); };

  // The reason begins with a line for each criterion that is not met; what was written behind a number is never touched.
  function begin(form, numbers, unmet) {
    const start = (no) => form.dataset.reason.replace("{no}", no);
    const bare = new Set(numbers.filter((no) => !unmet.includes(no)).map((no) => start(no).trim()));
    const lines = form.comment.value.split("\n").filter((line) => !bare.has(line.trim()));
    for (const no of unmet) if (!lines.some((line) => line.trim().startsWith(start(no).trim()))) lines.push(start(no));
    const said = lines.filter((line, at) => line || at).join("\n").replace(/^\n/, "");
    if (said !== form.comment.value) form.comment.value = said;
  }
  document.addEventListener("input", (event) => { if (event.target.name === "comment") weigh(); });

  // Choosing many: the box above ticks all or none, and the number chosen stands beside the button.
  const CHOSEN = "[name=item], [name=part]";
  function tally() {
    for (const form of document.querySelectorAll("[data-choose]")) {
      const boxes = [...form.querySelectorAll(CHOSEN)], chosen = boxes.filter((box) => box.checked).length;
      const all = form.querySelector("[data-choose-all]");
      all.checked = boxes.length > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && !all.checked;
      form.querySelector("[data-chosen]").textContent = chosen;
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.dataset.tick !== undefined) weigh();
    const choosing = event.target.closest("[data-choose]");
    if (choosing && event.target.dataset.chooseAll !== undefined) {
      for (const box of choosing.querySelectorAll(CHOSEN)) box.checked = event.target.checked;
    }
    if (choosing) tally();
    const option = event.target.closest(".option")?.querySelector("[type=radio]");
    if (option) option.checked = true;  // whoever fills in what belongs to an option means that option
    const { density, keys } = event.target.dataset;
    if (density) { root.dataset.density = density; keep("density", density); }
    if (keys !== undefined) keep("keys", event.target.checked ? "on" : "off");
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const menu = $(".person[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  // One press, one move: a second one while the first is on its way is dropped.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.submitter?.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
    if (form.dataset.once === undefined) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    if (event.submitter && event.submitter.dataset.reject !== undefined && !form.comment.value.trim()) {
      event.preventDefault();
      form.comment.focus();
      return;
    }
    form.setAttribute("aria-busy", "true");
  });

  document.addEventListener("keydown", (event) => {
    const menu = $(".person[open]");
    if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
    const form = event.key === "Escape" && event.target.closest(".move[open]");
    if (form && !event.isComposing) { form.open = false; form.querySelector("summary").focus(); }
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || kept("keys", "on") !== "on") return;
    if (event.key === "/") {
      const search = $("#ledger-q") || $("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    const decision = $("[data-decision]");
    if (!decision) return;
    const queue = [...document.querySelectorAll("[data-queue]")];
    const at = queue.findIndex((link) => link.hasAttribute("aria-current"));
    const file = document.querySelectorAll(".review .ev a")[event.key - 1];
    const act = file ? () => file.click() : {
      a: () => decision.querySelector("[data-approve]").click(),
      r: () => decision.querySelector("[data-reject]").click(),
      j: () => queue[at + 1]?.click(),
      k: () => queue[at - 1]?.click(),
    }[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });

  // The form of a row that was opened has the focus.
  document.addEventListener("htmx:load", (event) => event.detail.elt.querySelector(".row-form textarea")?.focus());

  // Addresses of the ledger carry only what was chosen.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
  });
})();
