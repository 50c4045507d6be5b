
"use strict";
// Without this script the page shows everything; so the box appears only with it.
const search = document.getElementById("search");
const words = document.getElementById("words");
const found = document.getElementById("found");
const rows = [...document.querySelectorAll(".row")].map((element) => {
  const titles = [...element.querySelectorAll("a[title]")].map((link) => link.title);
  return { element, text: [element.textContent, ...titles].join(" ").toLowerCase() };
});

const show = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { element, text } of rows) {
    element.hidden = !wanted.every((word) => text.includes(word));
    shown += element.hidden ? 0 : 1;
  }
  found.textContent = wanted.length ? `${shown} of ${rows.length} rows` : "";
};

words.addEventListener("input", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== words && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    words.focus();
  } else if (event.key === "Escape" && document.activeElement === words) {
    words.value = "";
    show();
  }
});
for (const item of document.querySelectorAll("[data-words]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = item.textContent;
  button.addEventListener("click", () => {
    words.value = item.dataset.words;
    show();
    words.focus();
  });
  item.replaceChildren(button);
}
search.hidden = false;
