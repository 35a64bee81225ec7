"use strict";
// Keys on top of pages that are whole without them. Nothing here writes markup: htmx fills the palette, and only that.
(() => {
  const typing = (element) => element && (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select") || element.isContentEditable);
  const find = (selector) => document.querySelector(selector);
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const form = find("#decide");
  let before = "";

  // htmx: an error page is never put into the palette.
  document.addEventListener("htmx:before:swap", (event) => {
    const status = event.detail && event.detail.ctx && event.detail.ctx.response && event.detail.ctx.response.status;
    if (status >= 400) event.preventDefault();
  });

  const dialog = (name) => {
    const wanted = find(name);
    if (!wanted || wanted.open) return;
    wanted.showModal();
  };
  const openPalette = () => {
    dialog("#palette");
    const field = find("#palette-text");
    field.select();
    field.dispatchEvent(new Event("palette-open"));
  };

  const moveRow = (step) => {
    const all = rows();
    if (!all.length) return false;
    const now = all.findIndex((row) => row.classList.contains("at"));
    const next = Math.min(Math.max(now + step, 0), all.length - 1);
    all.forEach((row) => row.classList.remove("at"));
    all[next].classList.add("at");
    all[next].querySelector("[data-open]").focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
    return true;
  };
  const moveInPalette = (step) => {
    const links = [...document.querySelectorAll("#palette-hits a")];
    if (!links.length) return;
    const now = links.indexOf(document.activeElement);
    const next = now + step;
    if (next < 0) find("#palette-text").focus();
    else links[Math.min(next, links.length - 1)].focus();
  };

  const noteMissing = () => {
    const chosen = form.querySelector("input[name=outcome]:checked");
    const needed = chosen && (form.dataset.noteAlways || form.dataset.noted.split(" ").includes(chosen.value));
    const note = form.querySelector("#note");
    note.required = Boolean(needed);
    return needed && !note.value.trim();
  };
  const choose = (key) => {
    const radio = form.querySelector(`input[name=outcome][data-key="${key}"]`);
    if (!radio) return false;
    radio.checked = true;
    (noteMissing() ? form.querySelector("#note") : form.querySelector("#submit-decision")).focus();
    return true;
  };
  const openTool = (name) => {
    const tool = find(name);
    if (!tool) return false;
    tool.open = true;
    tool.querySelector("select").focus();
    return true;
  };
  const turnText = () => {
    const texts = [...document.querySelectorAll("#texts details")];
    const now = texts.findIndex((text) => text.open);
    if (texts.length) texts[(now + 1) % texts.length].open = true;
    return texts.length > 0;
  };
  const press = (selector) => {
    const wanted = find(selector);
    if (wanted) wanted.click();
    return Boolean(wanted);
  };
  const select = () => {
    const box = find("tr.at input[type=checkbox]");
    if (!box) return false;
    box.checked = !box.checked;
    countPicked();
    return true;
  };
  const countPicked = () => {
    const told = find("#picked");
    if (told) told.textContent = `(${document.querySelectorAll(".alerts input[name=alert]:checked").length})`;
  };

  const onAlert = (key) => {
    if (key === "7") return openTool("#sleep");
    if (key === "8") return openTool("#skip");
    if (form && /^[1-6]$/.test(key)) return choose(key);
    if (key === "t") return turnText();
    return press(`[data-key="${CSS.escape(key)}"]:not(input)`);
  };
  const plain = (key) => {
    if (key === "?") return dialog("#keys") || true;
    if (before === "g" && key === "q") return press(".brand");
    if (before === "g" && key === "c") return press('.top a[href="/cases"]');
    if (rows().length) {
      if (key === "j") return moveRow(1);
      if (key === "k") return moveRow(-1);
      if (key === "x") return select();
      if (key === "/") { find("#filter-q").focus(); return true; }
    }
    if (key === "u") return press('[data-key="u"]');
    return find(".has-bar") ? onAlert(key) : false;
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (find("#palette[open]")) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        moveInPalette(event.key === "ArrowDown" ? 1 : -1);
      }
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form) {
      event.preventDefault();
      noteMissing();
      form.requestSubmit();
      return;
    }
    if (event.key === "Escape" && typing(document.activeElement)) { document.activeElement.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || find("dialog[open]")) return;
    if (event.key === "Enter" && form && document.activeElement === document.body && form.querySelector("input[name=outcome]:checked")) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (plain(event.key)) event.preventDefault();
    before = event.key;
  });
  document.addEventListener("change", () => { countPicked(); if (form) noteMissing(); });
  // A verdict is sent once, however often Enter is pressed.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.method === "post") event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((sent) => delete sent.dataset.sent));
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.pop[open], details.me[open]").forEach((open) => { if (!open.contains(event.target)) open.open = false; });
  });
  const filters = find(".filters");
  if (filters && window.matchMedia("(max-width: 820px)").matches) filters.open = false;
  countPicked();
})();
