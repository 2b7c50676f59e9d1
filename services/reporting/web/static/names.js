// Shows names in the place of pseudonyms, where the area's vault, which is opened in the browser alone, knows them.
// `nameOf` gives a name for a pseudonym, or nothing. The server never sees a name.
"use strict";

window.helhedsnet = {
  showNames(nameOf) {
    for (const shown of document.querySelectorAll("[data-name-of]")) {
      const name = nameOf(shown.dataset.nameOf);
      if (name) shown.textContent = name;
    }
    for (const labelled of document.querySelectorAll("[data-label-of]")) {
      const name = nameOf(labelled.dataset.labelOf);
      if (name) labelled.ariaLabel = labelled.ariaLabel.replace(labelled.dataset.labelOf, () => name);
    }
    for (const list of document.querySelectorAll("[data-people]")) {
      const inOrder = [...list.children].sort((one, other) => one.textContent.localeCompare(other.textContent, "da"));
      list.append(...inOrder);
    }
  },
};
