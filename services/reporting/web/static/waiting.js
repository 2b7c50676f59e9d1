// On the pages that show people: names from the vault, the mark of how much waits, and sending it where there is a net.
"use strict";

if (window.isSecureContext && navigator.locks && window.indexedDB) begin();

async function begin() {
  // Without a worker names are shown on one page at a time, and nothing opens without a net.
  await navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  await mark();
  const vault = await stillOpen();
  if (vault) await use(vault);
  else offer();
}

async function mark() {
  const { count } = await showWaiting();
  for (const shown of document.querySelectorAll("[data-mark]")) shown.hidden = !count;
}

function offer() {
  const [vault] = [...keptVaults().values()];
  for (const form of vault ? document.querySelectorAll("[data-open-names]") : []) {
    const failed = form.querySelector("[data-open-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const opened = await openKept(vault, form.querySelector("[data-passphrase]").value || " ");
        form.remove();
        await use(opened);
      } catch (error) {
        if (!(error instanceof NoPerson)) throw error;
        const name = error.message.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
        failed.textContent = `${form.dataset[name] ?? ""} (${error.message})`;
        failed.hidden = false;
      }
    });
  }
}

async function use(vault) {
  window.helhedsnet.showNames((pseudonym) => vault.people[pseudonym]);
  window.helhedsnet.offerPeople(vault.people);
  if (!navigator.onLine) return;
  const queue = await queueOf(vault);
  const became = await queue.send();
  if (became === "sent") await refreshRosters(queue, vault.area);
  await mark();
}
