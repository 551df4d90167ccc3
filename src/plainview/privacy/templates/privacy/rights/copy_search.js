// Search in what the page shows. Nothing leaves the page: it has nobody to talk to.
"use strict";
(() => {
  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const told = document.getElementById("found");
  const rows = [...document.querySelectorAll("[data-row]")];
  const groups = [...document.querySelectorAll("[data-group]")].reverse();
  const opened = new Map(groups.map((each) => [each, each.open]));
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) => plain(row.textContent));
  const look = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, n) => {
      row.hidden = !words.every((word) => texts[n].includes(word));
      count += row.hidden ? 0 : 1;
    });
    for (const group of groups) {
      const full = group.querySelector("[data-row]:not([hidden])") !== null;
      group.hidden = words.length > 0 && !full;
      if (group.localName === "details") group.open = words.length > 0 ? full : opened.get(group);
    }
    told.textContent = words.length > 0 ? told.dataset.words.replace("%s", count.toLocaleString(document.documentElement.lang)) : "";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", look);
})();
