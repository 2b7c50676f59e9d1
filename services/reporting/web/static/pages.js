// What a page can do better with scripting; without it every page says the same.
"use strict";

// What is chosen with a pointer is shown at once. Whoever goes through the choices with the keys passes many on the way:
// that leaves the page alone until the button is pressed (WCAG 2.2, 3.2.2).
for (const form of document.querySelectorAll("form[data-at-once]")) {
  let isByKey = false;
  form.addEventListener("keydown", () => (isByKey = true));
  form.addEventListener("pointerdown", () => (isByKey = false));
  form.addEventListener("change", () => isByKey || form.requestSubmit());
}

// Whoever is ticked on a roster is not absent, and the other way round.
document.addEventListener("change", ({ target }) => {
  const row = target.closest(".people > li");
  const [came, away] = row ? [row.querySelector("input"), row.querySelector("select")] : [];
  if (target === came && came.checked) away.value = "";
  if (target === away && away.value) came.checked = false;
});

// The feed, live: the stream says that something came or was taken back, and the server writes what is then shown.
for (const status of document.querySelectorAll("[data-stream]")) {
  follow(status, document.querySelector(".feed"));
}

function follow(status, list) {
  const stream = new EventSource(status.dataset.stream);
  let isReading = false;
  let isStale = false;

  async function read() {
    isStale = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isStale) {
        isStale = false;
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        if (!answer.ok) return stream.close();
        renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      // The system is away: once the stream is open again, all is read again.
    } finally {
      isReading = false;
    }
  }

  function renew(fresh) {
    const shown = new Map([...list.children].map((item) => [item.id, item]));
    const items = [...fresh.querySelectorAll(".feed > li")].map((item) => shown.get(item.id) ?? item);
    const added = items.filter((item) => !list.contains(item));
    // What stays is not touched, so that whoever is reading it does not lose the place.
    for (const item of shown.values()) if (!items.includes(item)) item.remove();
    items.forEach((item, place) => {
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
    });
    for (const item of added) item.classList.add("is-new");
    document.querySelector(".pages").replaceChildren(...fresh.querySelector(".pages").childNodes);
    const first = added[0]?.querySelector("h2");
    if (first) status.textContent = `${status.dataset.new} ${first.textContent}`;
  }

  stream.addEventListener("open", () => {
    if (status.textContent) read();
    else status.textContent = status.dataset.live;
  });
  stream.addEventListener("item", read);
  stream.addEventListener("removed", read);
  addEventListener("pagehide", () => stream.close());
}
