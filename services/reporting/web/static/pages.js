// What a page can do better with scripting; without it every page says the same.
"use strict";

for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
